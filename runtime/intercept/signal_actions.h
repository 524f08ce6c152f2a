// signal_actions.h - what the program has asked for of each signal.
//
// The kernel has our handlers for those that have one of the program's, with every signal blocked:
// one that came while another is being postponed would find the wrong mask to restore.
//
// Thread safety: any thread; programAction and takeAction also in a handler. Allocation: none.
#pragma once

#include <signal.h>

#include "base/spin_lock.h"
#include "base/types.h"
#include "intercept/cancel_signal.h"
#include "intercept/signal_kinds.h"

namespace hindsight {

struct Action {
  u32 version;  // odd while `program` is being written
  bool is_ours;
  struct sigaction program;
};
extern Action actions[kSignals];
/// Whoever changes an action changes the table and the kernel's in one step.
extern SpinLock actions_lock;

inline constexpr int kResetHandler = static_cast<int>(SA_RESETHAND);  // glibc's is unsigned

bool hasHandler(const struct sigaction& action);
/// Another thread may be changing the action. This one is not: it would be inside the runtime.
struct sigaction programAction(const Action& action);
/// What to call for a signal that has come. With SA_RESETHAND it is told once, though the signal
/// may have come to two threads before the kernel's action was reset.
struct sigaction takeAction(int signal);
/// The signals blocked in a handler: what the kernel would have set.
u64 handlerMask(int signal, const struct sigaction& action, u64 interrupted);

/// The caller has `actions_lock`.
void setProgramAction(Action& action, const struct sigaction& wanted);
/// Has the kernel call `handler` for what is `action` to the program.
int install(int signal, const struct sigaction& action, void (*handler)(int, siginfo_t*, void*),
            struct sigaction* old = nullptr);

/// Installs `action` for the program; `old` is what the program had. Returns as sigaction.
int changeAction(int signal, const struct sigaction* action, struct sigaction* old);
/// The same in the kernel's form.
int changeKernelAction(int signal, const KernelAction* action, KernelAction* old);

}  // namespace hindsight
