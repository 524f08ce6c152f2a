#include "intercept/signal_actions.h"

#include "intercept/held_signals.h"
#include "intercept/real_calls.h"
#include "intercept/signals.h"
#include "intercept/taken_faults.h"
#include "threads/runtime_scope.h"

namespace hindsight {

Action actions[kSignals];
constinit SpinLock actions_lock;

bool hasHandler(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) != 0 ||
         (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN);
}

void setProgramAction(Action& action, const struct sigaction& wanted) {
  __atomic_store_n(&action.version, action.version + 1, __ATOMIC_RELAXED);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);  // pairs with: programAction
  action.program = wanted;
  __atomic_store_n(&action.version, action.version + 1, __ATOMIC_RELEASE);
}

struct sigaction programAction(const Action& action) {
  for (u32 round = 0;; spinWait(round++)) {
    const u32 version = __atomic_load_n(&action.version, __ATOMIC_ACQUIRE);
    const struct sigaction program = action.program;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);  // pairs with: setProgramAction
    constexpr u32 kLongEnough = 10'000;       // a thread that cannot be inside was interrupted
    if (version % 2 == 0 && __atomic_load_n(&action.version, __ATOMIC_RELAXED) == version)
      return program;
    if (round > kLongEnough) return program;
  }
}

u64 handlerMask(int signal, const struct sigaction& action, u64 interrupted) {
  const bool defers = (action.sa_flags & SA_NODEFER) == 0;
  return interrupted | kernelSet(action.sa_mask) | (defers ? 1ull << (signal - 1) : 0);
}

int install(int signal, const struct sigaction& action, void (*handler)(int, siginfo_t*, void*),
            struct sigaction* old) {
  struct sigaction ours = action;
  ours.sa_sigaction = handler;
  ours.sa_flags = static_cast<int>((static_cast<u32>(action.sa_flags) | SA_SIGINFO) &
                                   ~static_cast<u32>(SA_RESETHAND | SA_NODEFER));
  sigfillset(&ours.sa_mask);
  return real.sigaction(signal, &ours, old);
}

struct sigaction takeAction(int signal) {
  const struct sigaction seen = programAction(actions[signal]);
  if ((seen.sa_flags & kResetHandler) == 0) return seen;
  const RuntimeScope inside;
  const SpinLockGuard guard(actions_lock);
  const struct sigaction action = actions[signal].program;
  if ((action.sa_flags & kResetHandler) == 0 || !actions[signal].is_ours) return action;
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  setProgramAction(actions[signal], standard);
  if (signal == SIGSEGV && faults_are_taken)
    install(signal, standard, onFault);
  else
    real.sigaction(signal, &standard, nullptr);
  return action;
}

namespace {

bool isIgnored(int signal, const struct sigaction& action) {
  const bool is_ignored_by_default =
      signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH;
  return action.sa_handler == SIG_IGN || (action.sa_handler == SIG_DFL && is_ignored_by_default);
}

/// The caller has `actions_lock`.
int changeLocked(int signal, const struct sigaction* action, struct sigaction& old) {
  const struct sigaction before = actions[signal].program;
  const bool was_ours = actions[signal].is_ours;
  struct sigaction kernel_old {};
  int result;
  if (signal == SIGSEGV && HINDSIGHT_UNLIKELY(faults_are_taken)) {
    if (action != nullptr) {
      setProgramAction(actions[SIGSEGV], *action);
      install(SIGSEGV, *action, onFault);  // with the program's stack
    }
    result = 0;
  } else if (action != nullptr && hasHandler(*action)) {
    // A handler that starts before the table is written must find the new action.
    setProgramAction(actions[signal], *action);
    actions[signal].is_ours = true;
    result = install(signal, *action, onSignal, &kernel_old);
    if (result != 0) {
      setProgramAction(actions[signal], before);
      actions[signal].is_ours = was_ours;
    }
  } else {
    result = real.sigaction(signal, action, &kernel_old);
    if (result == 0 && action != nullptr) {
      actions[signal].is_ours = false;
      if (isIgnored(signal, *action)) signalsAreDropped(signal);
    }
  }
  old = was_ours ? before : kernel_old;
  return result;
}

}  // namespace

int changeAction(int signal, const struct sigaction* action, struct sigaction* old) {
  const bool in_range = signal > 0 && signal < kSignals;
  if (!in_range) return real.sigaction(signal, action, old);
  // What the arguments point to may fault, and the handler of that must find the lock free.
  struct sigaction wanted {
  }, before{};
  if (action != nullptr) wanted = *action;
  int result;
  {
    const RuntimeScope inside;
    const SpinLockGuard guard(actions_lock);
    result = changeLocked(signal, action != nullptr ? &wanted : nullptr, before);
  }
  if (result == 0 && old != nullptr) *old = before;
  return result;
}

int changeKernelAction(int signal, const KernelAction* action, KernelAction* old) {
  constexpr unsigned long kHasRestorer = 0x4000000;  // SA_RESTORER
  struct sigaction wanted {
  }, before{};
  if (action != nullptr) {
    wanted.sa_sigaction = action->handler;
    wanted.sa_flags = static_cast<int>(action->flags & ~kHasRestorer);
    __builtin_memcpy(&wanted.sa_mask, &action->mask, sizeof(action->mask));
  }
  const int result = changeAction(signal, action != nullptr ? &wanted : nullptr, &before);
  if (result == 0 && old != nullptr) {
    *old = {};
    old->handler = before.sa_sigaction;
    old->flags = static_cast<unsigned>(before.sa_flags);
    old->mask = kernelSet(before.sa_mask);
  }
  return result;
}

}  // namespace hindsight
