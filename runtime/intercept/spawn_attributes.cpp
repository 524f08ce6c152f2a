// spawn_attributes.cpp - attribute and file action objects of posix_spawn.
//
// An attribute object belongs to the program: setting one writes all of it, asking reads it.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <spawn.h>

using namespace hindsight;

HINDSIGHT_INTERCEPTOR int posix_spawnattr_destroy(posix_spawnattr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_destroy(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_getflags(const posix_spawnattr_t* attr,
                                                   short* flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_getflags(attr, flags); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, flags);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_getpgroup(const posix_spawnattr_t* attr,
                                                    pid_t* pgroup) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_getpgroup(attr, pgroup); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, pgroup);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_getschedparam(const posix_spawnattr_t* attr,
                                                        struct sched_param* schedparam) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_getschedparam(attr, schedparam); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, schedparam);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_getschedpolicy(const posix_spawnattr_t* attr,
                                                         int* schedpolicy) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_getschedpolicy(attr, schedpolicy); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, schedpolicy);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_getsigdefault(const posix_spawnattr_t* attr,
                                                        sigset_t* sigdefault) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_getsigdefault(attr, sigdefault); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, sigdefault);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_getsigmask(const posix_spawnattr_t* attr,
                                                     sigset_t* sigmask) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_getsigmask(attr, sigmask); },
      [=](InterceptedCall& call) { readsObject(call, attr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, sigmask);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_init(posix_spawnattr_t* attr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_init(attr); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_setflags(posix_spawnattr_t* attr, short flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_setflags(attr, flags); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_setpgroup(posix_spawnattr_t* attr,
                                                    pid_t pgroup) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_setpgroup(attr, pgroup); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_setschedparam(
    posix_spawnattr_t* attr, const struct sched_param* schedparam) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_setschedparam(attr, schedparam); },
      [=](InterceptedCall& call) { readsObject(call, schedparam); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_setschedpolicy(posix_spawnattr_t* attr,
                                                         int schedpolicy) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_setschedpolicy(attr, schedpolicy); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_setsigdefault(posix_spawnattr_t* attr,
                                                        const sigset_t* sigdefault) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_setsigdefault(attr, sigdefault); },
      [=](InterceptedCall& call) { readsObject(call, sigdefault); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnattr_setsigmask(posix_spawnattr_t* attr,
                                                     const sigset_t* sigmask) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawnattr_setsigmask(attr, sigmask); },
      [=](InterceptedCall& call) { readsObject(call, sigmask); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, attr);
      });
}
