// poll_set.h - what poll, select and their kin do with the caller's memory and the descriptors in
// it.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include <poll.h>
#include <sys/resource.h>

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/uniform.h"
#include "platform/descriptor_table.h"
#include "platform/syscalls.h"

namespace hindsight {

/// Whether the kernel looks at the set at all: it takes as many as there may be open files,
/// poll(2).
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

/// Descriptors that the kernel looks at in a set that the program says to have `limit`: as many as
/// its table of the process's descriptors has room for. getdtablesize() as limit is an old idiom,
/// with sets of FD_SETSIZE. Reads /proc if `limit` is larger than that (some 20 microseconds).
inline int selectLimit(int limit) {
  if (HINDSIGHT_LIKELY(limit <= FD_SETSIZE)) return limit;
  return min(limit, max(FD_SETSIZE, descriptorTableSize()));
}

/// Bytes of a set for descriptors below `limit`.
inline size_t selectSetBytes(int limit) {
  return limit > 0 ? (static_cast<size_t>(limit) + NFDBITS - 1) / NFDBITS * 8 : 0;
}

/// select has not failed. `limit` is what selectLimit said before.
inline void setsSelected(InterceptedCall& call, int limit, const fd_set* inputs,
                         const fd_set* outputs, const fd_set* exceptions) {
  for (int fd = 0; inputs != nullptr && fd < limit; ++fd)
    if (FD_ISSET(fd, inputs)) acquireFd(call.thread(), fd);
  const fd_set* const sets[] = {inputs, outputs, exceptions};
  for (const fd_set* set : sets) writesBytes(call, set, selectSetBytes(limit));
}

}  // namespace hindsight
