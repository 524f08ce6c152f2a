// rwlock.cpp - pthread read-write locks.
//
// write-unlock -> any later lock; read-unlock -> later write lock only. Two readers are not
// ordered, neither at once nor one after the other: sync/ keeps a clock for each side.
//
// Thread safety: any thread. Allocation: none.
#include <pthread.h>

#include "intercept/libc_locks.h"
#include "intercept/lock_calls.h"
#include "intercept/primitive.h"
#include "intercept/real_calls.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

void checkRelock(InterceptedCall& call, const pthread_rwlock_t* lock, LockMode mode) {
  checkDoubleLock(call.thread(), syncKey(lock), LockType::ReadWrite, mode,
                  stateOf(lock, call.thread()), call.pc());
}

}  // namespace

HINDSIGHT_INTERCEPTOR int pthread_rwlock_init(pthread_rwlock_t* lock,
                                              const pthread_rwlockattr_t* attributes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_init(lock, attributes);
  readsObject(call, attributes);
  const int error = real.pthread_rwlock_init(lock, attributes);
  if (error == 0) lockInitialised(call, lock, LockType::ReadWrite);
  return error;
}
HINDSIGHT_ALIAS(__pthread_rwlock_init, pthread_rwlock_init);

HINDSIGHT_INTERCEPTOR int pthread_rwlock_destroy(pthread_rwlock_t* lock) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_destroy(lock);
  checkDestroy(call.thread(), syncKey(lock), LockType::ReadWrite, stateOf(lock, call.thread()),
               call.pc());
  const int error = real.pthread_rwlock_destroy(lock);
  if (error == 0) lockGone(call, lock, LockType::ReadWrite);
  return error;
}
HINDSIGHT_ALIAS(__pthread_rwlock_destroy, pthread_rwlock_destroy);

HINDSIGHT_INTERCEPTOR int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_rdlock(lock);
  return lockOrWait(
      call, syncKey(lock), LockMode::Shared, [=] { return real.pthread_rwlock_tryrdlock(lock); },
      [=] { return real.pthread_rwlock_rdlock(lock); },
      [&] { checkRelock(call, lock, LockMode::Shared); });
}
HINDSIGHT_ALIAS(__pthread_rwlock_rdlock, pthread_rwlock_rdlock);

HINDSIGHT_INTERCEPTOR int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_tryrdlock(lock);
  return recordLock(call, syncKey(lock), LockMode::Shared, real.pthread_rwlock_tryrdlock(lock));
}
HINDSIGHT_ALIAS(__pthread_rwlock_tryrdlock, pthread_rwlock_tryrdlock);

HINDSIGHT_INTERCEPTOR int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock,
                                                     const timespec* deadline) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_timedrdlock(lock, deadline);
  readsObject(call, deadline);
  return recordLock(call, syncKey(lock), LockMode::Shared,
                    call.blocking([=] { return real.pthread_rwlock_timedrdlock(lock, deadline); }));
}

HINDSIGHT_INTERCEPTOR int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock,
                                                     const timespec* deadline) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_clockrdlock(lock, clock, deadline);
  readsObject(call, deadline);
  return recordLock(call, syncKey(lock), LockMode::Shared, call.blocking([=] {
    return real.pthread_rwlock_clockrdlock(lock, clock, deadline);
  }));
}

HINDSIGHT_INTERCEPTOR int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_wrlock(lock);
  return lockOrWait(
      call, syncKey(lock), LockMode::Exclusive, [=] { return real.pthread_rwlock_trywrlock(lock); },
      [=] { return real.pthread_rwlock_wrlock(lock); },
      [&] { checkRelock(call, lock, LockMode::Exclusive); });
}
HINDSIGHT_ALIAS(__pthread_rwlock_wrlock, pthread_rwlock_wrlock);

HINDSIGHT_INTERCEPTOR int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_trywrlock(lock);
  return recordLock(call, syncKey(lock), LockMode::Exclusive, real.pthread_rwlock_trywrlock(lock));
}
HINDSIGHT_ALIAS(__pthread_rwlock_trywrlock, pthread_rwlock_trywrlock);

HINDSIGHT_INTERCEPTOR int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock,
                                                     const timespec* deadline) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_timedwrlock(lock, deadline);
  readsObject(call, deadline);
  return recordLock(call, syncKey(lock), LockMode::Exclusive,
                    call.blocking([=] { return real.pthread_rwlock_timedwrlock(lock, deadline); }));
}

HINDSIGHT_INTERCEPTOR int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock,
                                                     const timespec* deadline) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_clockwrlock(lock, clock, deadline);
  readsObject(call, deadline);
  return recordLock(call, syncKey(lock), LockMode::Exclusive, call.blocking([=] {
    return real.pthread_rwlock_clockwrlock(lock, clock, deadline);
  }));
}

HINDSIGHT_INTERCEPTOR int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_rwlock_unlock(lock);
  const uptr key = syncKey(lock);
  if (HINDSIGHT_UNLIKELY(lockLevels(call.thread(), key) == 0))
    checkUnlock(call.thread(), key, LockType::ReadWrite, stateOf(lock, call.thread()), call.pc());
  lockReleasing(call.thread(), key, unlockOf(lock));
  return real.pthread_rwlock_unlock(lock);
}
HINDSIGHT_ALIAS(__pthread_rwlock_unlock, pthread_rwlock_unlock);
