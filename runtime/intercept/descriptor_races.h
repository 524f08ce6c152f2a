// descriptor_races.h - a descriptor that one thread closes while another may still use it.
//
// A descriptor's number is like a pointer: once it is closed, whoever uses it may meet a file that
// somebody else has opened since. So each number has a cell of shadowed memory of ours. A use
// (read, write, poll, dup, ...) reads it, close frees it, and the race rule finds the pairs without
// order. A descriptor that begins resets its cell: the kernel hands a number out only after it has
// been given back, which is no order between threads. That one is passed on without order is no
// race: its number is an integer, and the kernel locks what it means.
//
// Uses and closes count only while it is known that the number means what was opened last:
//
//   Unknown   inherited, or opened or closed unseen (kernel, C library)   nothing counts
//   Open      opened by a call that was seen                              uses and close
//   Closed    closed by one                                               uses that fail (EBADF)
//
// dup2 and freopen use what they close, as in ThreadSanitizer: daemons put /dev/null in the place
// of descriptors. A use is recorded before the release that its data makes, so who has seen the
// data may close.
//
// Calls by libraries without instrumentation do not count: what they order by atomics is not seen.
//
// Thread safety: any thread, inside the runtime. Allocation: pages of tables.
#pragma once

#include <errno.h>

#include "intercept/fd_sync.h"
#include "intercept/intercepted_call.h"

namespace hindsight {

/// Reports name the descriptor from now on.
void initDescriptorRaces();

/// `call` has opened `fd`.
void descriptorOpened(InterceptedCall& call, int fd);
/// `call` is about to use `fd`. Before releaseFd.
void descriptorUsed(InterceptedCall& call, int fd);
/// The use of `fd` that was announced has failed: there is no such descriptor.
void descriptorMissed(InterceptedCall& call, int fd);
/// Before the real close.
void descriptorClosing(InterceptedCall& call, int fd);
/// The same for all from `first` to `last`.
void descriptorsClosing(InterceptedCall& call, u32 first, u32 last);

/// A use whose data leaves through `fd`.
inline void releaseFd(InterceptedCall& call, int fd) {
  descriptorUsed(call, fd);
  releaseFd(call.thread(), fd);
}

/// Runs the real call that uses `fd`, outside the runtime, and returns what it returns.
template <class RealCall>
auto callOnFd(InterceptedCall& call, int fd, RealCall real_call) {
  const auto result = call.blocking(real_call);
  if (HINDSIGHT_UNLIKELY(result < 0 && call.error() == EBADF)) descriptorMissed(call, fd);
  return result;
}

/// fdOpened and its kin of fd_sync.h, for `call`.
inline void fdOpened(InterceptedCall& call, int fd) {
  fdOpened(fd);
  descriptorOpened(call, fd);
}
inline void eventFdOpened(InterceptedCall& call, int fd) {
  eventFdOpened(fd);
  descriptorOpened(call, fd);
}
inline void fdDuplicated(InterceptedCall& call, int from, int to) {
  fdDuplicated(from, to);
  if (from != to) descriptorOpened(call, to);
}
inline void fdReplacing(InterceptedCall& call, int fd) {
  descriptorUsed(call, fd);
  fdReplacing(call.thread(), fd);
}
inline void fdClosing(InterceptedCall& call, int fd) {
  descriptorClosing(call, fd);
  fdClosing(call.thread(), fd);
}

}  // namespace hindsight
