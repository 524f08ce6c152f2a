// scheduling.cpp - what is asked of and set for a thread: name, scheduling, processors,
// cancellation.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/async_cancel.h"
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

HINDSIGHT_INTERCEPTOR int pthread_getattr_np(pthread_t th, pthread_attr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_getattr_np(th, attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_getattr_default_np(pthread_attr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_getattr_default_np(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_setattr_default_np(const pthread_attr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_setattr_default_np(attr); },
      [=](InterceptedCall& call) { readsObject(call, attr); });
}

HINDSIGHT_INTERCEPTOR int pthread_getname_np(pthread_t target_thread, char* buf,
                                             size_t buflen) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_getname_np(target_thread, buf, buflen); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesText(call, buf);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_getschedparam(pthread_t target_thread, int* policy,
                                                struct sched_param* param) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_getschedparam(target_thread, policy, param); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, policy);
          writesObject(call, param);
        }
      });
}

HINDSIGHT_INTERCEPTOR int pthread_setschedparam(pthread_t target_thread, int policy,
                                                const struct sched_param* param) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_setschedparam(target_thread, policy, param); },
      [=](InterceptedCall& call) { readsObject(call, param); });
}

HINDSIGHT_INTERCEPTOR int pthread_getcpuclockid(pthread_t thread_id,
                                                __clockid_t* clock_id) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_getcpuclockid(thread_id, clock_id); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, clock_id);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_getaffinity_np(pthread_t th, size_t cpusetsize,
                                                 cpu_set_t* cpuset) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_getaffinity_np(th, cpusetsize, cpuset); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, cpuset, cpusetsize);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_setaffinity_np(pthread_t th, size_t cpusetsize,
                                                 const cpu_set_t* cpuset) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_setaffinity_np(th, cpusetsize, cpuset); },
      [=](InterceptedCall& call) { readsBytes(call, cpuset, cpusetsize); });
}

HINDSIGHT_INTERCEPTOR int pthread_setcancelstate(int state, int* oldstate) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_setcancelstate(state, oldstate); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, oldstate);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_setcanceltype(int type, int* oldtype) {
  if (type == PTHREAD_CANCEL_ASYNCHRONOUS) prepareAsyncCancel();
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_setcanceltype(type, oldtype); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, oldtype);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutex_getprioceiling(const pthread_mutex_t* mutex,
                                                       int* prioceiling) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_mutex_getprioceiling(mutex, prioceiling); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, prioceiling);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_mutex_setprioceiling(pthread_mutex_t* mutex, int prioceiling,
                                                       int* old_ceiling) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.pthread_mutex_setprioceiling(mutex, prioceiling, old_ceiling); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, old_ceiling);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_key_create(pthread_key_t* key,
                                             void (*destr_function)(void*)) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_key_create(key, destr_function); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, key);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::__pthread_key_create) __pthread_key_create, pthread_key_create);

HINDSIGHT_INTERCEPTOR int tss_create(tss_t* tss_id, tss_dtor_t destructor) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tss_create(tss_id, destructor); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == thrd_success) writesObject(call, tss_id);
      });
}

HINDSIGHT_INTERCEPTOR int thrd_sleep(const struct timespec* time_point,
                                     struct timespec* remaining) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.thrd_sleep(time_point, remaining); },
      [=](InterceptedCall& call) { readsObject(call, time_point); },
      [=](InterceptedCall& call, const auto result) {
        if (result == -1) writesObject(call, remaining);
      });
}

HINDSIGHT_INTERCEPTOR int sem_getvalue(sem_t* sem, int* sval) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sem_getvalue(sem, sval); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, sval);
      });
}

HINDSIGHT_INTERCEPTOR int sem_unlink(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sem_unlink(name); },
      [=](InterceptedCall& call) { readsText(call, name); });
}

// Scheduling

HINDSIGHT_INTERCEPTOR int sched_getparam(__pid_t pid, struct sched_param* param) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sched_getparam(pid, param); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, param);
      });
}

HINDSIGHT_INTERCEPTOR int sched_setparam(__pid_t pid, const struct sched_param* param) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sched_setparam(pid, param); },
      [=](InterceptedCall& call) { readsObject(call, param); });
}

HINDSIGHT_INTERCEPTOR int sched_setscheduler(__pid_t pid, int policy,
                                             const struct sched_param* param) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sched_setscheduler(pid, policy, param); },
      [=](InterceptedCall& call) { readsObject(call, param); });
}

HINDSIGHT_INTERCEPTOR int sched_rr_get_interval(__pid_t pid, struct timespec* t) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sched_rr_get_interval(pid, t); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, t);
      });
}

HINDSIGHT_INTERCEPTOR int sched_getaffinity(__pid_t pid, size_t cpusetsize,
                                            cpu_set_t* cpuset) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sched_getaffinity(pid, cpusetsize, cpuset); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, cpuset, cpusetsize);
      });
}

HINDSIGHT_INTERCEPTOR int sched_setaffinity(__pid_t pid, size_t cpusetsize,
                                            const cpu_set_t* cpuset) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sched_setaffinity(pid, cpusetsize, cpuset); },
      [=](InterceptedCall& call) { readsBytes(call, cpuset, cpusetsize); });
}

HINDSIGHT_INTERCEPTOR int getcpu(unsigned int* argument1, unsigned int* argument2) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getcpu(argument1, argument2); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, argument1);
          writesObject(call, argument2);
        }
      });
}
HINDSIGHT_ALIAS(__sched_getparam, sched_getparam);
HINDSIGHT_ALIAS(__sched_setscheduler, sched_setscheduler);

HINDSIGHT_INTERCEPTOR int __sched_cpucount(size_t setsize, const cpu_set_t* setp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__sched_cpucount(setsize, setp); },
      [=](InterceptedCall& call) { readsBytes(call, setp, setsize); });
}
