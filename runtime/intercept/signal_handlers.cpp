// signal_handlers.cpp - sigaction, and what there was before it.
//
// Thread safety: any thread. Allocation: none of ours.
#include <errno.h>
#include <signal.h>

#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "intercept/signal_actions.h"
#include "intercept/taken_faults.h"

namespace hindsight {

HINDSIGHT_INTERCEPTOR int sigaction(int signal, const struct sigaction* action,
                                    struct sigaction* old) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (action != nullptr && !call.bypass()) call.reads(action, sizeof(*action));
  const int result = changeAction(signal, action, old);
  if (call.bypass()) return result;
  call.keepErrno();
  if (result == 0 && old != nullptr) call.writes(old, sizeof(*old));
  return result;
}
HINDSIGHT_ALIAS(__sigaction, sigaction);

namespace {

/// What glibc puts into the mask of the action, beyond what the kernel does with it.
enum class Holds : u8 { Nothing, Itself };

sighandler_t changeHandler(uptr pc, int signal, sighandler_t handler, int flags,
                           Holds holds = Holds::Nothing) {
  InterceptedCall call(pc);
  struct sigaction action {
  }, old{};
  action.sa_handler = handler;
  action.sa_flags = flags;
  if (holds == Holds::Itself && signal > 0 && signal < kSignals) {
    const u64 mask = 1ull << (signal - 1);
    __builtin_memcpy(&action.sa_mask, &mask, sizeof(mask));
  }
  const int result = changeAction(signal, &action, &old);
  if (!call.bypass()) call.keepErrno();
  return result == 0 ? old.sa_handler : SIG_ERR;
}

sighandler_t noHandler() {
  errno = EINVAL;
  return SIG_ERR;
}

/// Signals that siginterrupt has made interrupt system calls, a bit for each.
static_assert(kSignals == 65);
constinit u64 interrupting = 0;

int restartFlag(int signal) {
  const bool interrupts =
      signal > 0 && signal < kSignals &&
      (__atomic_load_n(&interrupting, __ATOMIC_RELAXED) >> (signal - 1) & 1) != 0;
  return interrupts ? 0 : SA_RESTART;
}

}  // namespace

/// BSD semantics, as glibc's.
HINDSIGHT_INTERCEPTOR sighandler_t signal(int signal, sighandler_t handler) noexcept {
  if (handler == SIG_ERR) return noHandler();
  return changeHandler(HINDSIGHT_CALLER_PC, signal, handler, restartFlag(signal), Holds::Itself);
}
HINDSIGHT_ALIAS(bsd_signal, signal);
HINDSIGHT_ALIAS(ssignal, signal);

HINDSIGHT_INTERCEPTOR sighandler_t sysv_signal(int signal, sighandler_t handler) noexcept {
  if (handler == SIG_ERR) return noHandler();
  return changeHandler(HINDSIGHT_CALLER_PC, signal, handler, kResetHandler | SA_NODEFER);
}
HINDSIGHT_ALIAS(__sysv_signal, sysv_signal);

HINDSIGHT_INTERCEPTOR int siginterrupt(int signal, int interrupt) noexcept {
  struct sigaction action;
  if (sigaction(signal, nullptr, &action) != 0) return -1;
  // NOLINTNEXTLINE(clang-analyzer-core.BitwiseShift): sigaction knows the signal
  const u64 bit = 1ull << (signal - 1);
  if (interrupt != 0) {
    __atomic_or_fetch(&interrupting, bit, __ATOMIC_RELAXED);
    action.sa_flags &= ~SA_RESTART;
  } else {
    __atomic_and_fetch(&interrupting, ~bit, __ATOMIC_RELAXED);
    action.sa_flags |= SA_RESTART;
  }
  return sigaction(signal, &action, nullptr);
}

// The System V functions of before sigaction. glibc's own would install a handler past us.

HINDSIGHT_INTERCEPTOR sighandler_t sigset(int signal, sighandler_t handler) noexcept {
  sigset_t set, before;
  if (real.sigemptyset(&set) != 0 || real.sigaddset(&set, signal) != 0) return SIG_ERR;
  if (handler == SIG_HOLD) {
    struct sigaction old;
    if (changeMask(SIG_BLOCK, &set, &before, real.sigprocmask) != 0) return SIG_ERR;
    if (real.sigismember(&before, signal) != 0) return SIG_HOLD;
    return sigaction(signal, nullptr, &old) == 0 ? old.sa_handler : SIG_ERR;
  }
  const sighandler_t old = changeHandler(HINDSIGHT_CALLER_PC, signal, handler, 0);
  if (old == SIG_ERR || changeMask(SIG_UNBLOCK, &set, &before, real.sigprocmask) != 0)
    return SIG_ERR;
  return real.sigismember(&before, signal) != 0 ? SIG_HOLD : old;
}

HINDSIGHT_INTERCEPTOR int sigignore(int signal) noexcept {
  return changeHandler(HINDSIGHT_CALLER_PC, signal, SIG_IGN, 0) == SIG_ERR ? -1 : 0;
}

namespace {

int changeOne(int how, int signal) {
  sigset_t set;
  if (real.sigemptyset(&set) != 0 || real.sigaddset(&set, signal) != 0) return -1;
  return changeMask(how, &set, nullptr, real.sigprocmask);
}

/// BSD's masks are numbers with a bit for each of the first 32 signals.
int changeFirst(int how, int mask) {
  sigset_t set, before;
  if (real.sigemptyset(&set) != 0) return -1;
  __builtin_memcpy(&set, &mask, sizeof(mask));
  if (changeMask(how, &set, &before, real.sigprocmask) != 0) return -1;
  return static_cast<int>(kernelSet(before));
}

}  // namespace

HINDSIGHT_INTERCEPTOR int sighold(int signal) noexcept { return changeOne(SIG_BLOCK, signal); }
HINDSIGHT_INTERCEPTOR int sigrelse(int signal) noexcept { return changeOne(SIG_UNBLOCK, signal); }
HINDSIGHT_INTERCEPTOR int sigblock(int mask) noexcept { return changeFirst(SIG_BLOCK, mask); }
HINDSIGHT_INTERCEPTOR int sigsetmask(int mask) noexcept { return changeFirst(SIG_SETMASK, mask); }
HINDSIGHT_INTERCEPTOR int siggetmask() noexcept { return changeFirst(SIG_BLOCK, 0); }

}  // namespace hindsight
