// message_queue.h - the channels (fd_sync.h) of message queues and of System V semaphores.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include "intercept/fd_sync.h"
#include "platform/syscalls.h"

namespace hindsight {

/// Of a POSIX queue: by its inode, as it is the kernel's object that the two sides share, not the
/// descriptor.
inline uptr queueChannel(mqd_t queue) {
  struct stat info;
  if (syscallFailed(sysFstat(queue, &info))) return namedChannel(0, 0);
  return namedChannel(info.st_dev, info.st_ino);
}

inline uptr systemVQueueChannel(int queue) {
  return namedChannel(~u64{0}, static_cast<u32>(queue));
}

inline uptr semaphoreChannel(int set) { return namedChannel(~u64{1}, static_cast<u32>(set)); }

}  // namespace hindsight
