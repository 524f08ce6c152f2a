// signal_waits.h - sigsuspend, ppoll and their kin wait with a signal mask of their own.
//
// The kernel runs a handler that ends the wait with that mask, but its context has the one for the
// time after it. So the thread's block has it, from before the system call to its end or to a
// handler that has ended it.
//
// Thread safety: any thread; async-signal-safe. Allocation: none.
#pragma once

#include <ucontext.h>

#include "base/types.h"
#include "intercept/intercepted_call.h"
#include "intercept/unwind_hook.h"
#include "threads/thread.h"

namespace hindsight {

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
/// Whether the signal has ended a system call, which fails with EINTR.
bool hasInterruptedCall(const ucontext_t& context);
/// In a handler: whether it has ended such a wait, whose mask is then `tls.wait_mask`.
bool endsWait(TlsBlock& tls, const ucontext_t& context);

/// A handler may wait, too, and the wait that it interrupts may not have begun yet.
class OuterWait {
 public:
  explicit OuterWait(TlsBlock& tls)
      : tls_(tls), mask_(tls.wait_mask), waits_with_mask_(tls.waits_with_mask) {
    tls.waits_with_mask = 0;
  }
  void restore() {
    tls_.wait_mask = mask_;
    tls_.waits_with_mask = waits_with_mask_;
  }

 private:
  TlsBlock& tls_;
  const u64 mask_;
  const u32 waits_with_mask_;
};

}  // namespace hindsight
