// system_info.cpp - what the system, the process and the kernel's random numbers tell.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/io_vector.h"
#include "intercept/uniform.h"

#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/utsname.h>

using namespace hindsight;

HINDSIGHT_INTERCEPTOR int uname(struct utsname* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.uname(name); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, name);
      });
}

HINDSIGHT_INTERCEPTOR int sysinfo(struct sysinfo* info) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sysinfo(info); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, info);
      });
}

HINDSIGHT_INTERCEPTOR int getloadavg(double* loadavg, int nelem) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getloadavg(loadavg, nelem); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, loadavg, static_cast<size_t>(result) * sizeof *loadavg);
      });
}

HINDSIGHT_INTERCEPTOR int getdomainname(char* name, size_t len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getdomainname(name, len); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0)
          if (len != 0) writesBytes(call, name, min(textBytes(name), len));
      });
}

HINDSIGHT_INTERCEPTOR int __getdomainname_chk(char* name, size_t bytes, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__getdomainname_chk(name, bytes, room); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0)
          if (bytes != 0) writesBytes(call, name, min(textBytes(name), bytes));
      });
}

HINDSIGHT_INTERCEPTOR int __gethostname_chk(char* buffer, size_t bytes, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__gethostname_chk(buffer, bytes, room); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0)
          if (bytes != 0) writesBytes(call, buffer, min(textBytes(buffer), bytes));
      });
}

HINDSIGHT_INTERCEPTOR int setdomainname(const char* name, size_t len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setdomainname(name, len); },
      [=](InterceptedCall& call) { readsBytes(call, name, len); });
}

HINDSIGHT_INTERCEPTOR int sethostname(const char* name, size_t len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sethostname(name, len); },
      [=](InterceptedCall& call) { readsBytes(call, name, len); });
}

HINDSIGHT_INTERCEPTOR size_t confstr(int name, char* buf, size_t len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.confstr(name, buf, len); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != 0 && buf != nullptr && len != 0) writesBytes(call, buf, min(result, len));
      });
}

HINDSIGHT_INTERCEPTOR size_t __confstr_chk(int name, char* buffer, size_t bytes,
                                           size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__confstr_chk(name, buffer, bytes, room); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != 0 && buffer != nullptr && bytes != 0)
          writesBytes(call, buffer, min(result, bytes));
      });
}

HINDSIGHT_INTERCEPTOR int getresuid(__uid_t* ruid, __uid_t* euid, __uid_t* suid) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getresuid(ruid, euid, suid); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, ruid);
          writesObject(call, euid);
          writesObject(call, suid);
        }
      });
}

HINDSIGHT_INTERCEPTOR int getresgid(__gid_t* rgid, __gid_t* egid, __gid_t* sgid) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getresgid(rgid, egid, sgid); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, rgid);
          writesObject(call, egid);
          writesObject(call, sgid);
        }
      });
}

HINDSIGHT_INTERCEPTOR int getrlimit(__rlimit_resource_t resource, struct rlimit* rlimits) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getrlimit(resource, rlimits); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, rlimits);
      });
}

HINDSIGHT_INTERCEPTOR int setrlimit(__rlimit_resource_t resource,
                                    const struct rlimit* rlimits) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setrlimit(resource, rlimits); },
      [=](InterceptedCall& call) { readsObject(call, rlimits); });
}

HINDSIGHT_INTERCEPTOR int prlimit(__pid_t pid, enum __rlimit_resource resource,
                                  const struct rlimit* new_limit,
                                  struct rlimit* old_limit) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.prlimit(pid, resource, new_limit, old_limit); },
      [=](InterceptedCall& call) { readsObject(call, new_limit); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, old_limit);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::getrlimit64) getrlimit64, getrlimit);
HINDSIGHT_ALIAS_AS(decltype(::setrlimit64) setrlimit64, setrlimit);
HINDSIGHT_ALIAS_AS(decltype(::prlimit64) prlimit64, prlimit);

HINDSIGHT_INTERCEPTOR ssize_t getrandom(void* buffer, size_t length, unsigned int flags) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getrandom(buffer, length, flags); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, buffer, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR int getentropy(void* buffer, size_t length) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getentropy(buffer, length); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, buffer, length);
      });
}

HINDSIGHT_INTERCEPTOR void arc4random_buf(void* buf, size_t size) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.arc4random_buf(buf, size); }, kReadsNothing,
      [=](InterceptedCall& call) { writesBytes(call, buf, size); });
}

HINDSIGHT_INTERCEPTOR ssize_t process_vm_readv(pid_t pid, const struct iovec* lvec,
                                               unsigned long liovcnt, const struct iovec* rvec,
                                               unsigned long riovcnt,
                                               unsigned long flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.process_vm_readv(pid, lvec, liovcnt, rvec, riovcnt, flags); },
      [=](InterceptedCall& call) {
        readsBytes(call, rvec, riovcnt * sizeof *rvec);
        readsBytes(call, lvec, liovcnt * sizeof *lvec);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesVector(call, lvec, liovcnt, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR ssize_t process_vm_writev(pid_t pid, const struct iovec* lvec,
                                                unsigned long liovcnt, const struct iovec* rvec,
                                                unsigned long riovcnt,
                                                unsigned long flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.process_vm_writev(pid, lvec, liovcnt, rvec, riovcnt, flags); },
      [=](InterceptedCall& call) {
        readsVector(call, lvec, liovcnt);
        readsBytes(call, rvec, riovcnt * sizeof *rvec);
      });
}

HINDSIGHT_INTERCEPTOR __ssize_t process_madvise(int pid_fd, const struct iovec* iov, size_t count,
                                                int advice, unsigned int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.process_madvise(pid_fd, iov, count, advice, flags); },
      [=](InterceptedCall& call) { readsBytes(call, iov, count * sizeof *iov); });
}

HINDSIGHT_INTERCEPTOR int mincore(void* start, size_t len, unsigned char* vec) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mincore(start, len, vec); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, vec, (len + 4095) / 4096);
      });
}

HINDSIGHT_INTERCEPTOR int klogctl(int type, char* bufp, int len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.klogctl(type, bufp, len); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0 && (type == 2 || type == 3 || type == 4))
          writesBytes(call, bufp, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR int acct(const char* filename) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.acct(filename); },
      [=](InterceptedCall& call) { readsText(call, filename); });
}
