// spin.cpp - pthread spin locks: unlock -> later lock.
//
// A busy lock is waited for outside the runtime: a spinning thread must still take signals.
//
// Thread safety: any thread. Allocation: none.
#include <pthread.h>

#include "intercept/libc_locks.h"
#include "intercept/lock_calls.h"
#include "intercept/primitive.h"
#include "intercept/real_calls.h"

using namespace hindsight;

HINDSIGHT_INTERCEPTOR int pthread_spin_init(pthread_spinlock_t* lock, int shared) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_spin_init(lock, shared);
  lockInitialised(call, lock, LockType::Spin);
  return real.pthread_spin_init(lock, shared);
}

HINDSIGHT_INTERCEPTOR int pthread_spin_destroy(pthread_spinlock_t* lock) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_spin_destroy(lock);
  checkDestroy(call.thread(), syncKey(lock), LockType::Spin, stateOf(lock), call.pc());
  lockGone(call, lock, LockType::Spin);
  return real.pthread_spin_destroy(lock);
}

HINDSIGHT_INTERCEPTOR int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_spin_lock(lock);
  return lockOrWait(
      call, syncKey(lock), LockMode::Exclusive, [=] { return real.pthread_spin_trylock(lock); },
      [=] { return real.pthread_spin_lock(lock); },
      [&] {
        checkDoubleLock(call.thread(), syncKey(lock), LockType::Spin, LockMode::Exclusive,
                        stateOf(lock), call.pc());
      });
}

HINDSIGHT_INTERCEPTOR int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_spin_trylock(lock);
  return recordLock(call, syncKey(lock), LockMode::Exclusive, real.pthread_spin_trylock(lock));
}

HINDSIGHT_INTERCEPTOR int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_spin_unlock(lock);
  const uptr key = syncKey(lock);
  if (HINDSIGHT_UNLIKELY(lockLevels(call.thread(), key) == 0))
    checkUnlock(call.thread(), key, LockType::Spin, stateOf(lock), call.pc());
  lockReleasing(call.thread(), key, Unlock::Frees);
  return real.pthread_spin_unlock(lock);
}
