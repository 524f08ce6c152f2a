#include "intercept/signals.h"

#include <errno.h>

#include "base/flags.h"
#include "intercept/held_signals.h"
#include "intercept/inner_faults.h"
#include "intercept/signal_actions.h"
#include "intercept/signal_waits.h"
#include "intercept/taken_faults.h"
#include "platform/syscalls.h"
#include "report/signal_report.h"
#include "threads/runtime_scope.h"

namespace hindsight {

namespace {

/// Of the calling thread.
struct Postponed {
  u64 signals;      // that came inside
  bool come_first;  // the thread has left, and they have not come yet
};
constinit thread_local Postponed postponed{};

}  // namespace

void postponeSignal(TlsBlock& tls, int signal, siginfo_t* info, ucontext_t* context) {
  auto* mask = reinterpret_cast<u64*>(&context->uc_sigmask);
  if (tls.signals_pending == 0) {
    tls.postponed_mask = *mask;
    postponed.signals = 0;  // a handler of a fault may have let earlier ones come
  }
  tls.signals_pending = 1;
  postponed.signals |= bitOf(signal);
  // From the return of this handler on. A fault that is blocked would end the program, whatever
  // handler it has.
  *mask |= (kAllSignals & ~kFaultBits) | bitOf(signal);
  holdSignal(signal, *info);
}

void takePostponedMask(ucontext_t& context) {
  if (HINDSIGHT_LIKELY(!postponed.come_first)) return;
  postponed.come_first = false;
  *reinterpret_cast<u64*>(&context.uc_sigmask) = __hindsight_tls.postponed_mask;
}

bool takeSignal(int signal, siginfo_t& info, ucontext_t& context) {
  takePostponedMask(context);
  return takeHeldSignal(signal, info);
}

namespace {

/// Before all others, as they came before them: whatever comes with `mask` interrupts their
/// handlers.
void deliver(TlsBlock& tls) {
  sysRtSigprocmask(SIG_SETMASK, &kAllSignals, nullptr);
  tls.signals_pending = 0;
  const u64 mask = tls.postponed_mask, first = postponed.signals, others = ~first;
  postponed.signals = 0;
  postponed.come_first = true;
  sysRtSigprocmask(SIG_SETMASK, &others, nullptr);
  if (postponed.come_first) remindOfSignals(first);
  if (!postponed.come_first) return;  // the first has come, and set `mask`
  postponed.come_first = false;
  sysRtSigprocmask(SIG_SETMASK, &mask, nullptr);
}

/// Whether the signal came at a place that the program chose.
bool isExpected(const Thread& thread, int signal, const siginfo_t* info) {
  return isSynchronous(signal, info) || (info->si_code == SI_TKILL && isAlone(thread) &&
                                         info->si_pid == static_cast<int>(sysGetpid()));
}

/// Returns what to put back when the handler has returned.
HINDSIGHT_ALWAYS_INLINE RunningHandler beginHandler(Thread* thread, int signal,
                                                    const siginfo_t* info) {
  if (thread == nullptr) return {};
  const RunningHandler outer = thread->handler;
  if (!isExpected(*thread, signal, info))
    thread->handler = {signal, reinterpret_cast<uptr>(__builtin_frame_address(0))};
  return outer;
}

HINDSIGHT_NOINLINE void errnoChanged(Thread& thread, int signal, const struct sigaction& action,
                                     int before, const ucontext_t& context) {
  const int after = errno;
#if defined(__x86_64__)
  const auto interrupted = static_cast<uptr>(context.uc_mcontext.gregs[REG_RIP]);
#else
  const auto interrupted = static_cast<uptr>(context.uc_mcontext.pc);
#endif
  {
    RuntimeScope inside;
    reportErrnoDamage(thread, signal, reinterpret_cast<uptr>(action.sa_handler), before, after,
                      interrupted, __hindsight_tls.stack);
  }
  errno = after;
}

}  // namespace

void onSignal(int signal, siginfo_t* info, void* opaque) {
  TlsBlock& tls = __hindsight_tls;
  auto* context = static_cast<ucontext_t*>(opaque);
  if (tls.in_runtime != 0 && !isSynchronous(signal, info))
    return postponeSignal(tls, signal, info, context);
  if (!isSynchronous(signal, info) && !takeSignal(signal, *info, *context)) return;
  const int saved_errno = errno;
  const struct sigaction action = takeAction(signal);
  if (!hasHandler(action)) {  // not any more: the kernel knows
    if (!isSynchronous(signal, info)) sendAgain(signal, info);
    return;
  }
  if (isSynchronous(signal, info)) info->si_addr = programAddress(info->si_addr);
  FaultInside fault_inside(tls, signal, info, *context,
                           reinterpret_cast<uptr>(__builtin_frame_address(0)));
  // The context has the mask for the time after the wait.
  const bool ended_wait = endsWait(tls, *context);
  OuterWait outer_wait(tls);
  u64 mask =
      handlerMask(signal, action, ended_wait ? tls.wait_mask : kernelSet(context->uc_sigmask));
  FaultMask fault_mask(tls, *context, ended_wait, mask);
  sysRtSigprocmask(SIG_SETMASK, &mask, nullptr);
  errno = saved_errno;
  // A handler that leaves by longjmp is fine: the frames it returns to put the pointer back.
  uptr* const stack = tls.stack;
  Thread* const thread = tls.thread;
  const RunningHandler outer = beginHandler(thread, signal, info);
  const InnerCalls inner = thread != nullptr ? leaveInnerCalls(*thread) : InnerCalls{};
  if ((action.sa_flags & SA_SIGINFO) != 0)
    action.sa_sigaction(signal, info, opaque);
  else
    action.sa_handler(signal);
  tls.stack = stack;
  fault_mask.restore();
  outer_wait.restore();
  fault_inside.restore();
  if (thread == nullptr || thread != tls.thread) return;  // a fiber goes on elsewhere
  thread->handler = outer;
  returnToInnerCalls(*thread, inner);
  if (HINDSIGHT_UNLIKELY(errno != saved_errno) && flags().report_errno_in_signal &&
      !isSynchronous(signal, info))
    errnoChanged(*thread, signal, action, saved_errno, *context);
}

void initSignals() { deliver_signals = deliver; }

}  // namespace hindsight
