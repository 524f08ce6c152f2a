// thread_attributes.cpp - attribute objects of threads.
//
// An attribute object belongs to the program: setting one writes all of it, asking reads it.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

// pthread_attr_*

HINDSIGHT_INTERCEPTOR int pthread_attr_destroy(pthread_attr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_destroy(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getaffinity_np(const pthread_attr_t* attr, size_t cpusetsize,
                                                      cpu_set_t* cpuset) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.pthread_attr_getaffinity_np(attr, cpusetsize, cpuset); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, cpuset, cpusetsize);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getdetachstate(const pthread_attr_t* attr,
                                                      int* detachstate) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_getdetachstate(attr, detachstate); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, detachstate);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getguardsize(const pthread_attr_t* attr,
                                                    size_t* guardsize) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_getguardsize(attr, guardsize); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, guardsize);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getinheritsched(const pthread_attr_t* attr,
                                                       int* inherit) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_getinheritsched(attr, inherit); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, inherit);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getschedparam(const pthread_attr_t* attr,
                                                     struct sched_param* param) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_getschedparam(attr, param); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, param);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getschedpolicy(const pthread_attr_t* attr,
                                                      int* policy) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_getschedpolicy(attr, policy); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, policy);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getscope(const pthread_attr_t* attr, int* scope) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_getscope(attr, scope); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, scope);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getsigmask_np(const pthread_attr_t* attr,
                                                     __sigset_t* sigmask) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_getsigmask_np(attr, sigmask); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result <= 0) writesObject(call, sigmask);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getstack(const pthread_attr_t* attr, void** stackaddr,
                                                size_t* stacksize) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_getstack(attr, stackaddr, stacksize); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, stackaddr);
          writesObject(call, stacksize);
        }
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getstackaddr(const pthread_attr_t* attr,
                                                    void** stackaddr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_getstackaddr(attr, stackaddr); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, stackaddr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_getstacksize(const pthread_attr_t* attr,
                                                    size_t* stacksize) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_getstacksize(attr, stacksize); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, stacksize);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_init(pthread_attr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_init(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setaffinity_np(pthread_attr_t* attr, size_t cpusetsize,
                                                      const cpu_set_t* cpuset) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.pthread_attr_setaffinity_np(attr, cpusetsize, cpuset); },
      [=](InterceptedCall& call) { readsBytes(call, cpuset, cpusetsize); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setdetachstate(pthread_attr_t* attr,
                                                      int detachstate) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_setdetachstate(attr, detachstate); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setguardsize(pthread_attr_t* attr,
                                                    size_t guardsize) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_setguardsize(attr, guardsize); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setinheritsched(pthread_attr_t* attr, int inherit) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_setinheritsched(attr, inherit); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setschedparam(pthread_attr_t* attr,
                                                     const struct sched_param* param) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_setschedparam(attr, param); },
      [=](InterceptedCall& call) { readsObject(call, param); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setschedpolicy(pthread_attr_t* attr, int policy) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_setschedpolicy(attr, policy); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setscope(pthread_attr_t* attr, int scope) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_setscope(attr, scope); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setsigmask_np(pthread_attr_t* attr,
                                                     const __sigset_t* sigmask) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_setsigmask_np(attr, sigmask); },
      [=](InterceptedCall& call) { readsObject(call, sigmask); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setstack(pthread_attr_t* attr, void* stackaddr,
                                                size_t stacksize) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_setstack(attr, stackaddr, stacksize); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setstackaddr(pthread_attr_t* attr,
                                                    void* stackaddr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_setstackaddr(attr, stackaddr); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_attr_setstacksize(pthread_attr_t* attr,
                                                    size_t stacksize) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_attr_setstacksize(attr, stacksize); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}
