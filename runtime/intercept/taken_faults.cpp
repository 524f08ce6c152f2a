#include "intercept/taken_faults.h"

#include "intercept/fault_masks.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "intercept/signal_actions.h"
#include "intercept/signal_waits.h"
#include "intercept/signals.h"
#include "intercept/tiny_faults.h"
#include "platform/syscalls.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

/// What ends the program by SIGSEGV does so for the kernel's own reason: the instruction faults
/// again, or the signal comes again.
void endByFault(siginfo_t* info, ucontext_t& context) {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  real.sigaction(SIGSEGV, &standard, nullptr);
  *reinterpret_cast<u64*>(&context.uc_sigmask) &= ~kSegvBit;
  if (!isSynchronous(SIGSEGV, info)) sendAgain(SIGSEGV, info);
}

/// Whether the program has SIGSEGV blocked at the place where it came.
bool blocksFaults(const TlsBlock& tls, const ucontext_t& context) {
  if (tls.waits_with_mask != 0 && hasInterruptedCall(context))
    return (tls.wait_mask & kSegvBit) != 0;
  return tls.faults_blocked != 0;
}

}  // namespace

void onFault(int signal, siginfo_t* info, void* opaque) {
  auto& context = *static_cast<ucontext_t*>(opaque);
  const bool is_fault = isSynchronous(signal, info);
  if (is_fault && completeTinyCheck(*info, context)) return;
  takePostponedMask(context);
  const struct sigaction action = programAction(actions[SIGSEGV]);
  const bool is_blocked = blocksFaults(__hindsight_tls, context);
  if (is_blocked &&
      !is_fault) {  // pending, and blocked for the kernel too, until the program unblocks it
    *reinterpret_cast<u64*>(&context.uc_sigmask) |= kSegvBit;
    sendAgain(signal, info);
  } else if (!is_blocked && hasHandler(action)) {
    onSignal(signal, info, opaque);
  } else if (is_fault || action.sa_handler != SIG_IGN) {
    endByFault(info, context);
  }
}

constinit bool faults_are_taken = false;

bool takeFaults() {
  {
    const RuntimeScope inside;
    const SpinLockGuard guard(actions_lock);
    struct sigaction before;
    if (real.sigaction(SIGSEGV, nullptr, &before) != 0) return false;
    if (!actions[SIGSEGV].is_ours) setProgramAction(actions[SIGSEGV], before);
    actions[SIGSEGV].is_ours = true;
    if (install(SIGSEGV, actions[SIGSEGV].program, onFault) != 0) return false;
    __atomic_store_n(&faults_are_taken, true, __ATOMIC_RELEASE);
  }
  unblockFaults();
  unblockFaultsOfOthers();
  return true;
}

void unblockFaults() {
  TlsBlock& tls = __hindsight_tls;
  u64 mask = tls.postponed_mask;
  if (tls.signals_pending != 0) {
    tls.postponed_mask &= ~kSegvBit;
  } else {
    const u64 faults = kSegvBit;
    sysRtSigprocmask(SIG_UNBLOCK, &faults, &mask);
  }
  if ((mask & kSegvBit) != 0) tls.faults_blocked = 1;
}

void unblockFaults(ucontext_t& context) {
  TlsBlock& tls = __hindsight_tls;
  u64& mask =
      tls.signals_pending != 0 ? tls.postponed_mask : *reinterpret_cast<u64*>(&context.uc_sigmask);
  if ((mask & kSegvBit) != 0) tls.faults_blocked = 1;
  mask &= ~kSegvBit;
}

bool hideFaults(sigset_t& mask) {
  if (!faults_are_taken) return false;
  const u64 all = kernelSet(mask), rest = all & ~kSegvBit;
  __builtin_memcpy(&mask, &rest, sizeof(rest));
  return all != rest;
}

HandedDownFaults::HandedDownFaults() {
  if (HINDSIGHT_LIKELY(!faults_are_taken)) return;
  const u64 faults = kSegvBit;
  blocked_ = __hindsight_tls.faults_blocked != 0;
  ignored_ = liveThreads() == 1 && actions[SIGSEGV].program.sa_handler == SIG_IGN;
  if (blocked_) sysRtSigprocmask(SIG_BLOCK, &faults, nullptr);
  if (ignored_) real.sigaction(SIGSEGV, &actions[SIGSEGV].program, nullptr);
}

HandedDownFaults::~HandedDownFaults() {
  const u64 faults = kSegvBit;
  if (ignored_) install(SIGSEGV, actions[SIGSEGV].program, onFault);
  if (blocked_) sysRtSigprocmask(SIG_UNBLOCK, &faults, nullptr);
}

int changeMask(int how, const sigset_t* set, sigset_t* old, RealMask real_mask) {
  if (HINDSIGHT_LIKELY(!faults_are_taken)) return real_mask(how, set, old);
  TlsBlock& tls = __hindsight_tls;
  const bool was_blocked = tls.faults_blocked != 0;
  sigset_t given{};
  const bool looks = mayLook(set);
  if (looks) __builtin_memcpy(&given, set, sizeof(u64));
  const bool has = looks && (kernelSet(given) & kSegvBit) != 0;
  if (has && how != SIG_UNBLOCK) hideFaults(given);
  // One that is pending may come during the call.
  if (looks && (has || how == SIG_SETMASK)) tls.faults_blocked = has && how != SIG_UNBLOCK;
  const int result = real_mask(how, looks ? &given : set, old);
  if (result != 0) {
    tls.faults_blocked = was_blocked;
  } else if (old != nullptr && was_blocked) {
    const u64 shown = kernelSet(*old) | kSegvBit;
    __builtin_memcpy(old, &shown, sizeof(shown));
  }
  return result;
}

}  // namespace hindsight
