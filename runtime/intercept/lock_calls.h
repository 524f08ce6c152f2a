// lock_calls.h - what the interceptors of locks share.
//
// Order of the two halves, everywhere: a release is recorded before the real unlock, an acquire
// after the real lock, so a clock never misses the critical section that it stands for.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include <errno.h>

#include "base/types.h"
#include "intercept/intercepted_call.h"
#include "sync/sync.h"

namespace hindsight {

/// The name of a libc object in sync/.
HINDSIGHT_ALWAYS_INLINE uptr syncKey(const volatile void* object) {
  return reinterpret_cast<uptr>(object);
}

/// Whether the caller owns the lock after a call that returned `error`: a robust mutex whose owner
/// died is owned, and ordered after the owner's last action.
HINDSIGHT_ALWAYS_INLINE bool isObtained(int error) { return error == 0 || error == EOWNERDEAD; }

/// Records the outcome of a lock call and passes it on. One with a deadline waits for no lock for
/// ever.
HINDSIGHT_ALWAYS_INLINE int recordLock(InterceptedCall& call, uptr lock, LockMode mode, int error,
                                       LockCall how = LockCall::Tries) {
  if (HINDSIGHT_LIKELY(isObtained(error))) lockObtained(call.thread(), lock, mode, call.pc(), how);
  return error;
}

/// Takes a lock that is busy by `real_lock`, which waits for it. Returns what that returns.
template <class RealLock>
int waitForLock(InterceptedCall& call, uptr lock, LockMode mode, RealLock real_lock) {
  lockWanted(call.thread(), lock, mode, call.pc());
  const int error = call.blocking(real_lock);
  lockWaitOver(call.thread());
  return recordLock(call, lock, mode, error, LockCall::Waits);
}

/// Takes a lock: first without leaving the runtime, by `real_try`, which is all that an uncontended
/// lock needs; if it is busy, by `real_lock`, outside. Only for locks whose two functions differ in
/// nothing but the waiting (not for timed ones, which check their arguments first). `check()` is
/// called before it waits.
template <class RealTry, class RealLock, class Check>
HINDSIGHT_ALWAYS_INLINE int lockOrWait(InterceptedCall& call, uptr lock, LockMode mode,
                                       RealTry real_try, RealLock real_lock, Check check) {
  const int error = real_try();
  if (HINDSIGHT_UNLIKELY(error == EBUSY)) {
    check();
    return waitForLock(call, lock, mode, real_lock);
  }
  recordLock(call, lock, mode, error, LockCall::Waits);
  call.finish();
  return error;
}

}  // namespace hindsight
