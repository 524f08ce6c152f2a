// message_queue.h - the channels (fd_sync.h) of message queues and of System V semaphores.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include "intercept/fd_sync.h"
#include "intercept/intercepted_call.h"
#include "platform/syscalls.h"
#include "sync/sync.h"

#include <sys/sem.h>

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

// A System V semaphore has two: what raises it happens before what lowers it, what lowers it before
// what waits for zero. Two that lower it are not ordered by that.

inline uptr raisedChannel(int set) { return namedChannel(~u64{1}, static_cast<u32>(set)); }
inline uptr loweredChannel(int set) { return namedChannel(~u64{2}, static_cast<u32>(set)); }

/// What the operations of one semop do, taken together.
enum SemaphoreUse : unsigned { kRaises = 1, kLowers = 2, kWaitsForZero = 4 };

/// The operations are read, and what they do is published. Returns it, for operationsDone.
inline unsigned operationsStart(InterceptedCall& call, int set, const sembuf* operations,
                                size_t count) {
  constexpr size_t kMostOperations = 500;  // SEMOPM, unless the system was told otherwise
  unsigned use = 0;
  if (!mayLook(operations)) return use;
  if (count != 0) call.reads(operations, count * sizeof *operations);
  for (size_t i = 0; i < min(count, kMostOperations); ++i) {
    const short by = operations[i].sem_op;
    use |= by > 0 ? kRaises : by < 0 ? kLowers : kWaitsForZero;
  }
  if ((use & kRaises) != 0) release(call.thread(), raisedChannel(set));
  if ((use & kLowers) != 0) release(call.thread(), loweredChannel(set));
  return use;
}

/// Nothing of them had to wait any more.
inline void operationsDone(InterceptedCall& call, int set, unsigned use) {
  if ((use & (kLowers | kWaitsForZero)) != 0) acquire(call.thread(), raisedChannel(set));
  if ((use & kWaitsForZero) != 0) acquire(call.thread(), loweredChannel(set));
}

/// A value that is set lets lower operations through, or those that wait for zero.
inline void semaphoreSet(Thread& thread, int set) {
  release(thread, raisedChannel(set));
  release(thread, loweredChannel(set));
}

inline void semaphoreAsked(Thread& thread, int set) {
  acquire(thread, raisedChannel(set));
  acquire(thread, loweredChannel(set));
}

}  // namespace hindsight
