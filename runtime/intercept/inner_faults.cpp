#include "intercept/inner_faults.h"

#include "base/spin_lock.h"
#include "core/address_map.h"
#include "core/line.h"
#include "intercept/signal_kinds.h"
#include "platform/syscalls.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

uptr interruptedStack(const ucontext_t& context) {
#if defined(__x86_64__)
  return static_cast<uptr>(context.uc_mcontext.gregs[REG_RSP]);
#else
  return static_cast<uptr>(context.uc_mcontext.sp);
#endif
}

/// Whether the runtime lacks stack.
bool isOverflow(uptr fault, const ucontext_t& context) {
  constexpr uptr kRedZone = 256, kLargestFrame = 64 << 10;
  const uptr stack = interruptedStack(context);
  return fault + kRedZone >= stack && fault < stack + kLargestFrame;
}

/// Whether this thread, which has faulted at `address`, holds its line: in an atomic operation.
/// Nobody else holds one for long.
bool holdsLine(uptr address) {
  constexpr u32 kLongEnough = 1000;
  const u32* const word = lineWord(address);
  for (u32 round = 0; round < kLongEnough; spinWait(round++))
    if ((__atomic_load_n(word, __ATOMIC_ACQUIRE) & 1) == 0) return false;
  return true;
}

}  // namespace

void* programAddress(void* fault) {
  const auto address = reinterpret_cast<uptr>(fault);
  const uptr below = address - static_cast<uptr>(address_layout.write_offset);
  if (below < kTinyEnd) return reinterpret_cast<void*>(below);
  for (const sptr offset : address_layout.read_offsets) {
    const uptr candidate = address - static_cast<uptr>(offset);
    if (candidate < kTinyEnd) return reinterpret_cast<void*>(candidate);
  }
  return fault;
}

void FaultInside::begin(int signal, const siginfo_t* info, ucontext_t& context, uptr frame) {
  const auto fault = reinterpret_cast<uptr>(info->si_addr);
  const bool is_of_memory = (signal == SIGSEGV || signal == SIGBUS) && isApplication(fault);
  const bool overflows = is_of_memory && isOverflow(fault, context);
  const bool holds = is_of_memory && !overflows && holdsLine(fault);
  left_ = is_of_memory && !overflows && !holds && tls_.thread != nullptr && outer_ == 0;
  if (!left_) {
    tls_.inner_handler = frame;
    tls_.held_line = holds ? fault : 0;
    return;
  }
  if (tls_.signals_pending != 0) {  // they come as soon as the mask lets them
    *reinterpret_cast<u64*>(&context.uc_sigmask) = tls_.postponed_mask;
    tls_.signals_pending = 0;
  }
  __atomic_store_n(&tls_.in_runtime, 0, __ATOMIC_RELEASE);  // pairs with: stopWorld
}

void FaultInside::end() {
  tls_.inner_handler = outer_;
  if (!left_) return;
  // A signal that came here would be postponed with the handler's mask.
  sysRtSigprocmask(SIG_SETMASK, &kAllSignals, nullptr);
  tls_.in_runtime = depth_;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);  // pairs with: the membarrier in stopWorld
  if (isWorldStopped()) parkUntilResumed(tls_);
}

void leaveByJump(uptr stack) {
  TlsBlock& tls = __hindsight_tls;
  if (HINDSIGHT_LIKELY(tls.inner_handler == 0) || tls.in_runtime == 0) return;
  const auto here = reinterpret_cast<uptr>(__builtin_frame_address(0));
  if (stack > here && stack <= tls.inner_handler) return;  // inside the handler
  tls.inner_handler = 0;
  if (tls.held_line != 0) __atomic_and_fetch(lineWord(tls.held_line), ~1u, __ATOMIC_RELEASE);
  __atomic_store_n(&tls.in_runtime, 0, __ATOMIC_RELEASE);  // pairs with: stopWorld
  if (tls.signals_pending != 0) deliverPendingSignals(tls);
}

}  // namespace hindsight
