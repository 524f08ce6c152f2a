// mutex.cpp - pthread mutexes of every kind.
//
// unlock -> later lock of the same mutex. A failed try or timed lock orders nothing. A robust
// mutex obtained with EOWNERDEAD follows the dead owner's last action: the end of a thread
// releases the locks that it still holds (threads/).
//
// Thread safety: any thread. Allocation: none.
#include <pthread.h>

#include "intercept/libc_locks.h"
#include "intercept/lock_calls.h"
#include "intercept/primitive.h"
#include "intercept/real_calls.h"
#include "intercept/uniform.h"
#include "threads/thread.h"

using namespace hindsight;

namespace {

/// Whether unlocking will fail because another thread, or nobody, owns the mutex: recursive,
/// error-checking and robust ones look. Such a call must not count as a release.
HINDSIGHT_ALWAYS_INLINE bool isForeign(const pthread_mutex_t* mutex, const Thread& thread) {
  const int kind = mutex->__data.__kind;
  if (HINDSIGHT_LIKELY((kind & (kMutexTypes | kRobustMutex)) == 0)) return false;
  const int type = kind & kMutexTypes;
  return ((kind & kRobustMutex) != 0 || type == kRecursiveMutex || type == kErrorCheckMutex) &&
         stateOf(mutex, thread) != LockState::Mine;
}

HINDSIGHT_NOINLINE void checkForeignUnlock(InterceptedCall& call, const pthread_mutex_t* mutex) {
  if (!isErrorChecking(mutex))
    checkUnlock(call.thread(), syncKey(mutex), LockType::Mutex, stateOf(mutex, call.thread()),
                call.pc());
}

HINDSIGHT_ALWAYS_INLINE void checkAlive(InterceptedCall& call, const pthread_mutex_t* mutex) {
  if (HINDSIGHT_UNLIKELY(isDestroyed(mutex)))
    useAfterDestroy(call.thread(), syncKey(mutex), LockType::Mutex, call.pc());
}

void checkRelock(InterceptedCall& call, const pthread_mutex_t* mutex) {
  if (!isErrorChecking(mutex))
    checkDoubleLock(call.thread(), syncKey(mutex), LockType::Mutex, LockMode::Exclusive,
                    stateOf(mutex, call.thread()), call.pc());
}

}  // namespace

HINDSIGHT_INTERCEPTOR int pthread_mutex_init(pthread_mutex_t* mutex,
                                             const pthread_mutexattr_t* attributes) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_mutex_init(mutex, attributes);
  readsObject(call, attributes);
  const int error = real.pthread_mutex_init(mutex, attributes);
  if (error == 0) lockInitialised(call, mutex, LockType::Mutex);
  return error;
}
HINDSIGHT_ALIAS(__pthread_mutex_init, pthread_mutex_init);

HINDSIGHT_INTERCEPTOR int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_mutex_destroy(mutex);
  checkAlive(call, mutex);
  const int error = real.pthread_mutex_destroy(mutex);
  if (error == EBUSY)
    checkDestroy(call.thread(), syncKey(mutex), LockType::Mutex, LockState::Others, call.pc());
  if (error == 0) lockGone(call, mutex, LockType::Mutex);
  return error;
}
HINDSIGHT_ALIAS(__pthread_mutex_destroy, pthread_mutex_destroy);

HINDSIGHT_INTERCEPTOR int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_mutex_lock(mutex);
  checkAlive(call, mutex);
  return lockOrWait(
      call, syncKey(mutex), LockMode::Exclusive, [=] { return real.pthread_mutex_trylock(mutex); },
      [=] { return real.pthread_mutex_lock(mutex); }, [&] { checkRelock(call, mutex); });
}
HINDSIGHT_ALIAS(__pthread_mutex_lock, pthread_mutex_lock);

HINDSIGHT_INTERCEPTOR int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_mutex_trylock(mutex);
  checkAlive(call, mutex);
  return recordLock(call, syncKey(mutex), LockMode::Exclusive, real.pthread_mutex_trylock(mutex));
}
HINDSIGHT_ALIAS(__pthread_mutex_trylock, pthread_mutex_trylock);

HINDSIGHT_INTERCEPTOR int pthread_mutex_timedlock(pthread_mutex_t* mutex,
                                                  const timespec* deadline) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_mutex_timedlock(mutex, deadline);
  readsObject(call, deadline);
  return recordLock(call, syncKey(mutex), LockMode::Exclusive,
                    call.blocking([=] { return real.pthread_mutex_timedlock(mutex, deadline); }));
}

HINDSIGHT_INTERCEPTOR int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                                                  const timespec* deadline) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_mutex_clocklock(mutex, clock, deadline);
  readsObject(call, deadline);
  return recordLock(call, syncKey(mutex), LockMode::Exclusive, call.blocking([=] {
    return real.pthread_mutex_clocklock(mutex, clock, deadline);
  }));
}

HINDSIGHT_INTERCEPTOR int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_mutex_unlock(mutex);
  if (HINDSIGHT_UNLIKELY(mutex->__data.__owner != call.thread().os_tid))
    checkForeignUnlock(call, mutex);
  if (!isForeign(mutex, call.thread()))
    lockReleasing(call.thread(), syncKey(mutex), unlockOf(mutex));
  const int error = real.pthread_mutex_unlock(mutex);
  call.finish();
  return error;
}
HINDSIGHT_ALIAS(__pthread_mutex_unlock, pthread_mutex_unlock);
