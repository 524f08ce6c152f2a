// poll_set.h - what poll and ppoll do with the caller's memory and the descriptors in it.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include <poll.h>
#include <sys/resource.h>

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/uniform.h"
#include "platform/syscalls.h"

namespace hindsight {

/// Whether the kernel looks at the set at all: it takes as many as there may be open files, poll(2).
inline bool isPollSet(const pollfd* fds, nfds_t count) {
  constexpr nfds_t kUsual = 1024;
  if (count > kUsual) {
    rlimit limit{};
    if (syscallFailed(sysGetrlimit(RLIMIT_NOFILE, &limit)) || count > limit.rlim_cur) return false;
  }
  return mayLook(fds);
}

inline void pollStarts(InterceptedCall& call, const pollfd* fds, nfds_t count) {
  if (!isPollSet(fds, count)) return;
  for (nfds_t i = 0; i < count; ++i) {
    call.reads(&fds[i], offsetof(pollfd, revents));
    descriptorUsed(call, fds[i].fd);
  }
}

/// It has not failed.
inline void pollDone(InterceptedCall& call, const pollfd* fds, nfds_t count) {
  for (nfds_t i = 0; i < count; ++i) {
    if (fds[i].revents != 0) acquireFd(call.thread(), fds[i].fd);
    writesObject(call, &fds[i].revents);
  }
}

}  // namespace hindsight
