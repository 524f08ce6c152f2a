// lock_attributes.cpp - attribute objects of locks, conditions and barriers.
//
// An attribute object belongs to the program: setting one writes all of it, asking reads it.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

// pthread_mutexattr_*

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_destroy(pthread_mutexattr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_destroy(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t* attr,
                                                           int* prioceiling) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_getprioceiling(attr, prioceiling); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, prioceiling);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_getprotocol(const pthread_mutexattr_t* attr,
                                                        int* protocol) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_getprotocol(attr, protocol); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, protocol);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_getpshared(const pthread_mutexattr_t* attr,
                                                       int* pshared) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_getpshared(attr, pshared); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, pshared);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_getrobust(const pthread_mutexattr_t* attr,
                                                      int* robustness) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_getrobust(attr, robustness); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, robustness);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_gettype(const pthread_mutexattr_t* attr,
                                                    int* kind) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_gettype(attr, kind); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, kind);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_init(pthread_mutexattr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_init(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_setprioceiling(pthread_mutexattr_t* attr,
                                                           int prioceiling) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_setprioceiling(attr, prioceiling); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_setprotocol(pthread_mutexattr_t* attr,
                                                        int protocol) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_setprotocol(attr, protocol); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_setpshared(pthread_mutexattr_t* attr,
                                                       int pshared) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_setpshared(attr, pshared); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_setrobust(pthread_mutexattr_t* attr,
                                                      int robustness) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_setrobust(attr, robustness); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutexattr_settype(pthread_mutexattr_t* attr, int kind) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutexattr_settype(attr, kind); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

// pthread_rwlockattr_*

HINDSIGHT_INTERCEPTOR int pthread_rwlockattr_destroy(pthread_rwlockattr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_rwlockattr_destroy(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t* attr,
                                                        int* pref) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_rwlockattr_getkind_np(attr, pref); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, pref);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t* attr,
                                                        int* pshared) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_rwlockattr_getpshared(attr, pshared); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, pshared);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_rwlockattr_init(pthread_rwlockattr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_rwlockattr_init(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t* attr,
                                                        int pref) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_rwlockattr_setkind_np(attr, pref); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_rwlockattr_setpshared(pthread_rwlockattr_t* attr,
                                                        int pshared) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_rwlockattr_setpshared(attr, pshared); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

// pthread_condattr_*

HINDSIGHT_INTERCEPTOR int pthread_condattr_destroy(pthread_condattr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_condattr_destroy(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_condattr_getclock(const pthread_condattr_t* attr,
                                                    __clockid_t* clock_id) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_condattr_getclock(attr, clock_id); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, clock_id);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_condattr_getpshared(const pthread_condattr_t* attr,
                                                      int* pshared) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_condattr_getpshared(attr, pshared); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, pshared);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_condattr_init(pthread_condattr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_condattr_init(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_condattr_setclock(pthread_condattr_t* attr,
                                                    __clockid_t clock_id) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_condattr_setclock(attr, clock_id); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_condattr_setpshared(pthread_condattr_t* attr,
                                                      int pshared) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_condattr_setpshared(attr, pshared); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

// pthread_barrierattr_*

HINDSIGHT_INTERCEPTOR int pthread_barrierattr_destroy(pthread_barrierattr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_barrierattr_destroy(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_barrierattr_getpshared(const pthread_barrierattr_t* attr,
                                                         int* pshared) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_barrierattr_getpshared(attr, pshared); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, pshared);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_barrierattr_init(pthread_barrierattr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_barrierattr_init(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_barrierattr_setpshared(pthread_barrierattr_t* attr,
                                                         int pshared) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_barrierattr_setpshared(attr, pshared); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}
