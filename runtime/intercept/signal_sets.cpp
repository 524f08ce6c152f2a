// signal_sets.cpp - signal sets, masks and waits; sending.
//
// A signal that is sent is ordered before the sigwait or the read of a signalfd that takes it, as
// any message is. Its handler is another matter: POSIX does not list signals among what
// synchronises memory. One that ends the process lets the reports that have begun come out first.
//
// Thread safety: any thread. Allocation: none of ours.
#include <errno.h>

#include "intercept/fd_sync.h"
#include "intercept/held_signals.h"
#include "intercept/real_calls.h"
#include "intercept/signal_kinds.h"
#include "intercept/signal_waits.h"
#include "intercept/signals.h"
#include "intercept/taken_faults.h"

#include "intercept/uniform.h"
#include "platform/syscalls.h"
#include "report/report_turn.h"

using namespace hindsight;

namespace {

constexpr size_t kKernelSet = sizeof(unsigned long);  // what the kernel looks at

/// `wait`, as of sigwaitinfo, takes the next signal; that may be one that the thread holds.
template <class RealWait>
int nextSignal(siginfo_t* info, RealWait wait) {
  if (HINDSIGHT_LIKELY(!holdsSignals())) return wait(info);
  siginfo_t found;
  const int signal = wait(&found);
  if (signal <= 0) return signal;
  u64 mask;
  sysRtSigprocmask(SIG_SETMASK, &kAllSignals, &mask);
  const bool is_there = takeHeldSignal(signal, found);
  sysRtSigprocmask(SIG_SETMASK, &mask, nullptr);
  if (!is_there) {
    errno = EINTR;
    return -1;
  }
  if (info != nullptr) *info = found;
  return signal;
}

/// sigwait.
int waitForSignal(const sigset_t* set, int* signal) {
  if (HINDSIGHT_LIKELY(!holdsSignals())) return real.sigwait(set, signal);
  int found;
  do {
    found = nextSignal(nullptr, [=](siginfo_t* info) { return real.sigwaitinfo(set, info); });
  } while (found < 0 && errno == EINTR);
  if (found < 0) return errno;
  *signal = found;
  return 0;
}

constexpr auto kReleasesSignals = [](InterceptedCall& call) { releaseSignals(call.thread()); };

}  // namespace

HINDSIGHT_INTERCEPTOR int sigemptyset(sigset_t* set) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigemptyset(set); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, set);
      });
}

HINDSIGHT_INTERCEPTOR int sigfillset(sigset_t* set) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigfillset(set); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, set);
      });
}

HINDSIGHT_INTERCEPTOR int sigaddset(sigset_t* set, int signo) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigaddset(set, signo); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, set, kKernelSet);
      });
}

HINDSIGHT_INTERCEPTOR int sigdelset(sigset_t* set, int signo) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigdelset(set, signo); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, set, kKernelSet);
      });
}

HINDSIGHT_INTERCEPTOR int sigismember(const sigset_t* set, int signo) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigismember(set, signo); },
      [=](InterceptedCall& call) { readsBytes(call, set, kKernelSet); });
}

HINDSIGHT_INTERCEPTOR int sigisemptyset(const sigset_t* set) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigisemptyset(set); },
      [=](InterceptedCall& call) { readsObject(call, set); });
}

HINDSIGHT_INTERCEPTOR int sigandset(sigset_t* set, const sigset_t* left,
                                    const sigset_t* right) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigandset(set, left, right); },
      [=](InterceptedCall& call) {
        readsObject(call, left);
        readsObject(call, right);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, set);
      });
}

HINDSIGHT_INTERCEPTOR int sigorset(sigset_t* set, const sigset_t* left,
                                   const sigset_t* right) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigorset(set, left, right); },
      [=](InterceptedCall& call) {
        readsObject(call, left);
        readsObject(call, right);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, set);
      });
}

HINDSIGHT_INTERCEPTOR int sigprocmask(int how, const sigset_t* set, sigset_t* oset) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return changeMask(how, set, oset, real.sigprocmask); },
      [=](InterceptedCall& call) { readsBytes(call, set, kKernelSet); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, oset, kKernelSet);
      });
}

HINDSIGHT_INTERCEPTOR int pthread_sigmask(int how, const __sigset_t* newmask,
                                          __sigset_t* oldmask) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return changeMask(how, newmask, oldmask, real.pthread_sigmask); },
      [=](InterceptedCall& call) { readsBytes(call, newmask, kKernelSet); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, oldmask, kKernelSet);
      });
}

HINDSIGHT_INTERCEPTOR int sigpending(sigset_t* set) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigpending(set); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, set, kKernelSet);
      });
}

HINDSIGHT_INTERCEPTOR int sigsuspend(const sigset_t* set) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return waitWithMask(set, [=] { return real.sigsuspend(set); }); },
      [=](InterceptedCall& call) { readsBytes(call, set, kKernelSet); });
}
HINDSIGHT_ALIAS(__sigsuspend, sigsuspend);

HINDSIGHT_INTERCEPTOR int sigwait(const sigset_t* set, int* sig) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return waitForSignal(set, sig); },
      [=](InterceptedCall& call) { readsBytes(call, set, kKernelSet); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) acquireSignals(call.thread());
        if (result == 0) writesObject(call, sig);
      });
}

HINDSIGHT_INTERCEPTOR int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return nextSignal(info, [=](siginfo_t* next) { return real.sigwaitinfo(set, next); });
      },
      [=](InterceptedCall& call) { readsBytes(call, set, kKernelSet); },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) acquireSignals(call.thread());
        if (result > 0) writesObject(call, info);
      });
}

HINDSIGHT_INTERCEPTOR int sigtimedwait(const sigset_t* set, siginfo_t* info,
                                       const struct timespec* timeout) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return nextSignal(info,
                          [=](siginfo_t* next) { return real.sigtimedwait(set, next, timeout); });
      },
      [=](InterceptedCall& call) {
        readsBytes(call, set, kKernelSet);
        readsObject(call, timeout);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) acquireSignals(call.thread());
        if (result > 0) writesObject(call, info);
      });
}

HINDSIGHT_INTERCEPTOR int sigaltstack(const stack_t* ss, stack_t* oss) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigaltstack(ss, oss); },
      [=](InterceptedCall& call) { readsObject(call, ss); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, oss);
      });
}

// Sending

namespace hindsight {

namespace {

/// By the action that the kernel has for it; whether it is blocked is not asked.
bool isFatal(int signo) {
  struct sigaction action;
  switch (signo) {
    case 0:
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU: return false;
    case SIGKILL: return true;
    default: return real.sigaction(signo, nullptr, &action) == 0 && action.sa_handler == SIG_DFL;
  }
}

}  // namespace

void waitIfFatal(pid_t process, int signo) {
  const bool may_be_this = process <= 0 || process == getpid();
  if (may_be_this && isFatal(signo)) waitForReports();
}

}  // namespace hindsight

HINDSIGHT_INTERCEPTOR int kill(pid_t process, int signo) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        waitIfFatal(process, signo);
        return real.kill(process, signo);
      },
      kReleasesSignals);
}

HINDSIGHT_INTERCEPTOR int raise(int signo) noexcept {
  return intercepted(HINDSIGHT_CALLER_PC, [=] {
    waitIfFatal(getpid(), signo);
    return real.raise(signo);
  });
}

HINDSIGHT_INTERCEPTOR int killpg(pid_t group, int signo) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.killpg(group, signo); }, kReleasesSignals);
}

HINDSIGHT_INTERCEPTOR int tgkill(pid_t process, pid_t thread, int signo) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tgkill(process, thread, signo); }, kReleasesSignals);
}

HINDSIGHT_INTERCEPTOR int pthread_kill(pthread_t thread, int signo) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        waitIfFatal(getpid(), signo);
        return real.pthread_kill(thread, signo);
      },
      kReleasesSignals);
}

HINDSIGHT_INTERCEPTOR int sigqueue(pid_t process, int signo, const union sigval value) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sigqueue(process, signo, value); }, kReleasesSignals);
}

HINDSIGHT_INTERCEPTOR int pthread_sigqueue(pthread_t thread, int signo,
                                           const union sigval value) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pthread_sigqueue(thread, signo, value); },
      kReleasesSignals);
}
