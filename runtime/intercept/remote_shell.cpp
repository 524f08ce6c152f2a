// remote_shell.cpp - commands on other machines, and who may run them here.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

/// The host's name goes in and its official name comes out; so do the command's streams.
template <class RealCall>
int runRemotely(uptr pc, char** host, const char* user, const char* other, const char* command,
                int* errors, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  const char* const given = mayLook(host) ? *host : nullptr;
  readsObject(call, host);
  readsText(call, given);
  readsText(call, user);
  readsText(call, other);
  readsText(call, command);
  const int fd = call.blocking(real_call);
  if (mayLook(host) && *host != given) writesObject(call, host);
  if (fd < 0) return fd;
  fdOpened(call, fd);
  if (errors == nullptr) return fd;
  writesObject(call, errors);
  fdOpened(call, *errors);
  return fd;
}

template <class RealCall>
int reservePort(uptr pc, int* port, RealCall real_call) {
  return intercepted(
      pc, real_call, [=](InterceptedCall& call) { readsObject(call, port); },
      [=](InterceptedCall& call, int fd) {
        writesObject(call, port);
        if (fd >= 0) fdOpened(call, fd);
      });
}

template <class RealCall>
int isTrusted(uptr pc, const char* host, const char* remote_user, const char* local_user,
              RealCall real_call) {
  return intercepted(pc, real_call, [=](InterceptedCall& call) {
    readsText(call, host);
    readsText(call, remote_user);
    readsText(call, local_user);
  });
}

}  // namespace

HINDSIGHT_INTERCEPTOR int rcmd(char** host, unsigned short port, const char* local_user,
                               const char* remote_user, const char* command, int* errors) {
  return runRemotely(HINDSIGHT_CALLER_PC, host, local_user, remote_user, command, errors, [=] {
    return real.rcmd(host, port, local_user, remote_user, command, errors);
  });
}

HINDSIGHT_INTERCEPTOR int rcmd_af(char** host, unsigned short port, const char* local_user,
                                  const char* remote_user, const char* command, int* errors,
                                  sa_family_t family) {
  return runRemotely(HINDSIGHT_CALLER_PC, host, local_user, remote_user, command, errors, [=] {
    return real.rcmd_af(host, port, local_user, remote_user, command, errors, family);
  });
}

HINDSIGHT_INTERCEPTOR int rexec(char** host, int port, const char* user, const char* password,
                                const char* command, int* errors) {
  return runRemotely(HINDSIGHT_CALLER_PC, host, user, password, command, errors,
                     [=] { return real.rexec(host, port, user, password, command, errors); });
}

HINDSIGHT_INTERCEPTOR int rexec_af(char** host, int port, const char* user, const char* password,
                                   const char* command, int* errors, sa_family_t family) {
  return runRemotely(HINDSIGHT_CALLER_PC, host, user, password, command, errors, [=] {
    return real.rexec_af(host, port, user, password, command, errors, family);
  });
}

HINDSIGHT_INTERCEPTOR int rresvport(int* port) {
  return reservePort(HINDSIGHT_CALLER_PC, port, [=] { return real.rresvport(port); });
}

HINDSIGHT_INTERCEPTOR int rresvport_af(int* port, sa_family_t family) {
  return reservePort(HINDSIGHT_CALLER_PC, port, [=] { return real.rresvport_af(port, family); });
}

HINDSIGHT_INTERCEPTOR int ruserok(const char* host, int superuser, const char* remote_user,
                                  const char* local_user) {
  return isTrusted(HINDSIGHT_CALLER_PC, host, remote_user, local_user,
                   [=] { return real.ruserok(host, superuser, remote_user, local_user); });
}

HINDSIGHT_INTERCEPTOR int ruserok_af(const char* host, int superuser, const char* remote_user,
                                     const char* local_user, sa_family_t family) {
  return isTrusted(HINDSIGHT_CALLER_PC, host, remote_user, local_user, [=] {
    return real.ruserok_af(host, superuser, remote_user, local_user, family);
  });
}

HINDSIGHT_INTERCEPTOR int iruserok(uint32_t address, int superuser, const char* remote_user,
                                   const char* local_user) {
  return isTrusted(HINDSIGHT_CALLER_PC, nullptr, remote_user, local_user,
                   [=] { return real.iruserok(address, superuser, remote_user, local_user); });
}

HINDSIGHT_INTERCEPTOR int iruserok_af(const void* address, int superuser, const char* remote_user,
                                      const char* local_user, sa_family_t family) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.iruserok_af(address, superuser, remote_user, local_user, family); },
      [=](InterceptedCall& call) {
        if (family == AF_INET) readsBytes(call, address, sizeof(in_addr));
        if (family == AF_INET6) readsBytes(call, address, sizeof(in6_addr));
        readsText(call, remote_user);
        readsText(call, local_user);
      });
}

HINDSIGHT_INTERCEPTOR int __ivaliduser(FILE* hosts, uint32_t address, const char* local_user,
                                       const char* remote_user) {
  return isTrusted(HINDSIGHT_CALLER_PC, nullptr, remote_user, local_user,
                   [=] { return real.__ivaliduser(hosts, address, local_user, remote_user); });
}

HINDSIGHT_INTERCEPTOR int ruserpass(const char* host, const char** name, const char** password) {
  const char* const given_name = mayLook(name) ? *name : nullptr;
  const char* const given_password = mayLook(password) ? *password : nullptr;
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ruserpass(host, name, password); },
      [=](InterceptedCall& call) {
        readsText(call, host);
        readsObject(call, name);
        readsObject(call, password);
      },
      [=](InterceptedCall& call, int) {
        if (mayLook(name) && *name != given_name) writesObject(call, name);
        if (mayLook(password) && *password != given_password) writesObject(call, password);
      });
}
