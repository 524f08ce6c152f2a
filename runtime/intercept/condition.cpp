// condition.cpp - pthread condition variables.
//
// A condition variable carries no clock, it is the mutex that does (condition_wait.h). The real
// functions are the ones of GLIBC_2.3.2 and later. A program that was linked against the older
// ones, whose objects are of another kind but no larger, gets these for all of its calls. Signal
// and broadcast order nothing, but they must happen before the condition is destroyed
// (primitive.h).
//
// Thread safety: any thread. Allocation: none.
#include <pthread.h>

#include "intercept/condition_wait.h"
#include "intercept/real_calls.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

/// After every other error (a malformed deadline, say) the mutex was never given up.
bool ownedAfter(int error) { return error != EPERM && error != ENOTRECOVERABLE; }

}  // namespace

HINDSIGHT_INTERCEPTOR int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_cond_wait(condition, mutex);
  return waitOnCondition(
      call, condition, mutex, [=] { return real.pthread_cond_wait(condition, mutex); }, ownedAfter);
}

HINDSIGHT_INTERCEPTOR int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                                 const timespec* deadline) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_cond_timedwait(condition, mutex, deadline);
  readsObject(call, deadline);
  return waitOnCondition(
      call, condition, mutex,
      [=] { return real.pthread_cond_timedwait(condition, mutex, deadline); }, ownedAfter);
}

HINDSIGHT_INTERCEPTOR int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                                 clockid_t clock, const timespec* deadline) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_cond_clockwait(condition, mutex, clock, deadline);
  readsObject(call, deadline);
  return waitOnCondition(
      call, condition, mutex,
      [=] { return real.pthread_cond_clockwait(condition, mutex, clock, deadline); }, ownedAfter);
}

HINDSIGHT_INTERCEPTOR int pthread_cond_init(pthread_cond_t* condition,
                                            const pthread_condattr_t* attributes) noexcept {
  return beginsCondition(HINDSIGHT_CALLER_PC, condition,
                         [=] { return real.pthread_cond_init(condition, attributes); });
}

HINDSIGHT_INTERCEPTOR int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  return endsCondition(HINDSIGHT_CALLER_PC, condition,
                       [=] { return real.pthread_cond_destroy(condition); });
}

HINDSIGHT_INTERCEPTOR int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  return wakesCondition(HINDSIGHT_CALLER_PC, condition,
                        [=] { return real.pthread_cond_signal(condition); });
}

HINDSIGHT_INTERCEPTOR int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  return wakesCondition(HINDSIGHT_CALLER_PC, condition,
                        [=] { return real.pthread_cond_broadcast(condition); });
}
