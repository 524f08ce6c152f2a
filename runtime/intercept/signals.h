// signals.h - handlers of the program run outside the runtime, never inside it.
//
// A signal that arrives while its thread is inside is sent to the thread again and everything is
// blocked until the thread leaves; then the kernel delivers it with its own siginfo and context.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include "base/types.h"
#include "intercept/cancel_signal.h"
#include "intercept/intercepted_call.h"
#include "intercept/unwind_hook.h"
#include "threads/thread.h"

namespace hindsight {

void initSignals();

// SIGSEGV, from takeFaults on. The kernel must call us for a fault whatever the program has done
// about the signal, so its mask does not have it any more: what the program has asked for is in its
// thread's block, and told to it; a fault that it has blocked or does not handle ends it as the
// kernel would have done. A SIGSEGV that somebody sends to a thread that blocks it is blocked
// indeed, until the thread unblocks it.

/// Makes SIGSEGV ours (intercept/tiny_faults.h). False: it cannot be.
bool takeFaults();
extern bool faults_are_taken;
/// For the calling thread, whose mask may have been set before, or by somebody else.
void unblockFaults();
/// The same for a thread that is in a handler, which has interrupted `context`.
void unblockFaults(ucontext_t& context);
/// Takes SIGSEGV from a mask that is about to be the calling thread's. Returns whether it was
/// there, but false as long as it is not ours.
bool hideFaults(sigset_t& mask);
/// While alive, a new program inherits what this one has asked for. (That SIGSEGV is ignored only
/// if the process has no other thread, which would depend on it.)
class HandedDownFaults {
 public:
  HandedDownFaults();
  ~HandedDownFaults();
  HandedDownFaults(const HandedDownFaults&) = delete;
  HandedDownFaults& operator=(const HandedDownFaults&) = delete;

 private:
  bool blocked_ = false, ignored_ = false;
};
/// What starts a new program.
template <class RealCall>
auto handingFaultsDown(RealCall real_call) {
  const HandedDownFaults inherited;
  return real_call();
}
/// sigprocmask, made by `real_mask`, as the program sees it.
using RealMask = int (*)(int how, const sigset_t* set, sigset_t* old);
int changeMask(int how, const sigset_t* set, sigset_t* old, RealMask real_mask);
/// Called before `signo` is sent to `process` (as to kill): if that ends this process, the reports
/// that have begun come out first (signal_sets.cpp).
void waitIfFatal(pid_t process, int signo);
/// sigaction in the kernel's form, as the program sees it.
int changeKernelAction(int signal, const KernelAction* action, KernelAction* old);

// sigsuspend, ppoll and their kin wait with a signal mask of their own. The kernel runs a handler
// that ends the wait with that mask, but its context has the one for the time after it. So the
// thread's block has it, from before the system call to its end or to a handler that has ended it.

/// Runs `real_wait`, a system call that has the signal mask `mask`, if there is one, for its time.
template <class RealWait>
auto waitWithMask(const void* mask, RealWait real_wait) {
  using Result = decltype(real_wait());
  if (!mayLook(mask)) return real_wait();
  struct Wait {
    RealWait real_wait;
    Result result;
  } wait{real_wait, {}};
  const auto run = [](void* argument) {
    Wait& running = *static_cast<Wait*>(argument);
    running.result = running.real_wait();
  };
  const auto unwound = [](void*) { __hindsight_tls.waits_with_mask = 0; };
  TlsBlock& tls = __hindsight_tls;
  __builtin_memcpy(&tls.wait_mask, mask, sizeof(tls.wait_mask));
  __atomic_signal_fence(__ATOMIC_SEQ_CST);  // pairs with: a handler's look
  tls.waits_with_mask = 1;
  callWithUnwindHook(run, unwound, &wait);
  __hindsight_tls.waits_with_mask = 0;
  return wait.result;
}
/// In a handler: whether it has ended such a wait, whose mask is then `tls.wait_mask`.
bool endsWait(TlsBlock& tls, const ucontext_t& context);

/// Before a jump to `stack`. It may leave a handler of a fault of the runtime, and so the runtime.
void leaveByJump(uptr stack);

/// Keeps a signal, whose handler has been called inside the runtime, pending until the thread has
/// left it. What the handler was given; it has to return, with every signal blocked until then.
void postponeSignal(TlsBlock& tls, int signal, siginfo_t* info, ucontext_t* context);

}  // namespace hindsight
