// terminal.cpp - terminals: settings, names, pseudo-terminals, ioctl.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/uniform.h"

#include <linux/fs.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>

using namespace hindsight;

HINDSIGHT_INTERCEPTOR int tcgetattr(int fd, struct termios* termios_p) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tcgetattr(fd, termios_p); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, termios_p);
      });
}

HINDSIGHT_INTERCEPTOR int tcsetattr(int fd, int optional_actions,
                                    const struct termios* termios_p) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tcsetattr(fd, optional_actions, termios_p); },
      [=](InterceptedCall& call) { readsObject(call, termios_p); });
}

HINDSIGHT_INTERCEPTOR speed_t cfgetispeed(const struct termios* termios_p) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.cfgetispeed(termios_p); },
      [=](InterceptedCall& call) { readsObject(call, termios_p); });
}

HINDSIGHT_INTERCEPTOR speed_t cfgetospeed(const struct termios* termios_p) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.cfgetospeed(termios_p); },
      [=](InterceptedCall& call) { readsObject(call, termios_p); });
}

HINDSIGHT_INTERCEPTOR int cfsetispeed(struct termios* termios_p, speed_t speed) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.cfsetispeed(termios_p, speed); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, termios_p);
      });
}

HINDSIGHT_INTERCEPTOR int cfsetospeed(struct termios* termios_p, speed_t speed) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.cfsetospeed(termios_p, speed); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, termios_p);
      });
}

HINDSIGHT_INTERCEPTOR int cfsetspeed(struct termios* termios_p, speed_t speed) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.cfsetspeed(termios_p, speed); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, termios_p);
      });
}

HINDSIGHT_INTERCEPTOR void cfmakeraw(struct termios* termios_p) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.cfmakeraw(termios_p); }, kReadsNothing,
      [=](InterceptedCall& call) { writesObject(call, termios_p); });
}

HINDSIGHT_INTERCEPTOR char* ttyname(int fd) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ttyname(fd); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}

HINDSIGHT_INTERCEPTOR int ttyname_r(int fd, char* buf, size_t buflen) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ttyname_r(fd, buf, buflen); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesText(call, buf);
      });
}

HINDSIGHT_INTERCEPTOR int __ttyname_r_chk(int fd, char* buffer, size_t bytes,
                                          size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__ttyname_r_chk(fd, buffer, bytes, room); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesText(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR char* ptsname(int fd) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ptsname(fd); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}

HINDSIGHT_INTERCEPTOR int ptsname_r(int fd, char* buf, size_t buflen) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ptsname_r(fd, buf, buflen); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesText(call, buf);
      });
}

HINDSIGHT_INTERCEPTOR int __ptsname_r_chk(int fd, char* buffer, size_t bytes,
                                          size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__ptsname_r_chk(fd, buffer, bytes, room); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesText(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR char* ctermid(char* s) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ctermid(s); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        if (s != nullptr) writesText(call, s);
      });
}

HINDSIGHT_INTERCEPTOR char* getpass(const char* prompt) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getpass(prompt); },
      [=](InterceptedCall& call) { readsText(call, prompt); },
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}

HINDSIGHT_INTERCEPTOR int openpty(int* amaster, int* aslave, char* name,
                                  const struct termios* termp,
                                  const struct winsize* winp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.openpty(amaster, aslave, name, termp, winp); },
      [=](InterceptedCall& call) {
        readsObject(call, termp);
        readsObject(call, winp);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          fdOpened(call, *amaster);
          fdOpened(call, *aslave);
          writesObject(call, amaster);
          writesObject(call, aslave);
          if (name != nullptr) writesText(call, name);
        }
      });
}

HINDSIGHT_INTERCEPTOR int forkpty(int* amaster, char* name, const struct termios* termp,
                                  const struct winsize* winp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.forkpty(amaster, name, termp, winp); },
      [=](InterceptedCall& call) {
        readsObject(call, termp);
        readsObject(call, winp);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) {
          fdOpened(call, *amaster);
          writesObject(call, amaster);
          if (name != nullptr) writesText(call, name);
        }
      });
}

HINDSIGHT_INTERCEPTOR int login_tty(int fd) noexcept {
  return intercepted(HINDSIGHT_CALLER_PC, [=] { return real.login_tty(fd); });
}

HINDSIGHT_INTERCEPTOR int posix_openpt(int oflag) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_openpt(oflag); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) fdOpened(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int getpt() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getpt(); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) fdOpened(call, result);
      });
}

namespace {

/// What a request moves between kernel and caller. Newer requests say so in their number; the older
/// ones that programs use are listed.
struct Transfer {
  size_t reads = 0, writes = 0;
};

Transfer transferOf(unsigned long request) {
  switch (request) {
    case TCGETS: return {0, sizeof(termios)};
    case TCSETS:
    case TCSETSW:
    case TCSETSF: return {sizeof(termios), 0};
    case TIOCGWINSZ: return {0, sizeof(winsize)};
    case TIOCSWINSZ: return {sizeof(winsize), 0};
    case FIONREAD:
    case TIOCOUTQ:
    case TIOCGPGRP:
    case TIOCGSID:
    case TIOCMGET:
    case FIOGETOWN:
    case SIOCGPGRP:
    case SIOCATMARK: return {0, sizeof(int)};
    case FIONBIO:
    case FIOASYNC:
    case TIOCSPGRP:
    case TIOCMSET:
    case FIOSETOWN:
    case SIOCSPGRP: return {sizeof(int), 0};
    // These are numbered as if they moved more than they do.
    case FS_IOC_GETFLAGS:
    case FS_IOC_GETVERSION:
    case BLKBSZGET: return {0, sizeof(int)};
    case FS_IOC_SETFLAGS:
    case BLKBSZSET: return {sizeof(int), 0};
    default:
      if (_IOC_TYPE(request) == 0 || _IOC_DIR(request) == 0) return {};
      return {(_IOC_DIR(request) & _IOC_WRITE) != 0 ? _IOC_SIZE(request) : 0,
              (_IOC_DIR(request) & _IOC_READ) != 0 ? _IOC_SIZE(request) : 0};
  }
}

}  // namespace

HINDSIGHT_INTERCEPTOR int ioctl(int fd, unsigned long request, ...) noexcept {
  va_list list;
  va_start(list, request);
  void* const argument = va_arg(list, void*);
  va_end(list);
  const Transfer transfer = transferOf(request);
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ioctl(fd, request, argument); },
      [=](InterceptedCall& call) { readsBytes(call, argument, transfer.reads); },
      [=](InterceptedCall& call, int result) {
        if (result >= 0) writesBytes(call, argument, transfer.writes);
      });
}
