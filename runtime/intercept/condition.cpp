// condition.cpp - pthread condition variables.
//
// Only the waits are intercepted: a condition variable carries no clock, it is the mutex that does
// (condition_wait.h). The real functions are the ones of GLIBC_2.3.2 and later; the older ones
// served programs of a time before this processor's first release.
//
// Thread safety: any thread. Allocation: none.
#include <pthread.h>

#include "intercept/condition_wait.h"
#include "intercept/uniform.h"
#include "intercept/real_calls.h"

using namespace hindsight;

namespace {

/// After every other error (a malformed deadline, say) the mutex was never given up.
bool ownedAfter(int error) { return error != EPERM && error != ENOTRECOVERABLE; }

}  // namespace

HINDSIGHT_INTERCEPTOR int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_cond_wait(condition, mutex);
  return waitOnCondition(
      call, mutex, [=] { return real.pthread_cond_wait(condition, mutex); }, ownedAfter);
}

HINDSIGHT_INTERCEPTOR int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                                 const timespec* deadline) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_cond_timedwait(condition, mutex, deadline);
  readsObject(call, deadline);
  return waitOnCondition(
      call, mutex, [=] { return real.pthread_cond_timedwait(condition, mutex, deadline); },
      ownedAfter);
}

HINDSIGHT_INTERCEPTOR int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                                 clockid_t clock, const timespec* deadline) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.pthread_cond_clockwait(condition, mutex, clock, deadline);
  readsObject(call, deadline);
  return waitOnCondition(
      call, mutex, [=] { return real.pthread_cond_clockwait(condition, mutex, clock, deadline); },
      ownedAfter);
}
