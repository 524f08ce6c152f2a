// system_call.cpp - syscall(): the numbers by which programs go round the C library's own
// functions.
//
// libuv closes by `syscall(SYS_close, fd)`, because close() may be cancelled. So what is done here
// is what the function of that name has done to it (kernel_calls.h), except that the real call is
// the one that was made: it is no cancellation point. Numbers without a rule are passed on as they
// are.
//
// Thread safety: any thread. Allocation: none.
#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "intercept/cancel_signal.h"
#include "intercept/fork.h"
#include "intercept/intercepted_call.h"
#include "intercept/kernel_calls.h"
#include "intercept/mapping.h"
#include "intercept/real_calls.h"
#include "intercept/signal_actions.h"
#include "intercept/signal_waits.h"
#include "intercept/taken_faults.h"
#include "report/report_turn.h"

namespace hindsight {
namespace {

constexpr long kSetBytes = 8;

/// What the C library's functions ask of the kernel about signals is done as they do it
/// (intercept/signal_actions.h). Whatever is wrong about the call is for the kernel to say, and the
/// two signals that the C library keeps for itself are for it alone.
bool isOfSignals(const KernelCall& made) {
  const bool is_action = made.number == SYS_rt_sigaction;
  if (is_action && (made.at[0] == kCancelSignal || made.at[0] == kCancelSignal + 1)) return false;
  return (is_action || made.number == SYS_rt_sigprocmask) && made.at[3] == kSetBytes &&
         (made.at[1] == 0 || mayLook(reinterpret_cast<const void*>(made.at[1]))) &&
         (made.at[2] == 0 || mayLook(reinterpret_cast<const void*>(made.at[2])));
}

long signalCall(const KernelCall& made) {
  const int first = static_cast<int>(made.at[0]);
  if (made.number == SYS_rt_sigaction)
    return changeKernelAction(first, reinterpret_cast<const KernelAction*>(made.at[1]),
                              reinterpret_cast<KernelAction*>(made.at[2]));
  return changeMask(first, reinterpret_cast<const sigset_t*>(made.at[1]),
                    reinterpret_cast<sigset_t*>(made.at[2]),
                    [](int how, const sigset_t* set, sigset_t* old) {
                      return static_cast<int>(real.syscall(
                          SYS_rt_sigprocmask, static_cast<long>(how), set, old, kSetBytes));
                    });
}

/// The mask that the call has for its time, or null.
const void* waitMask(const KernelCall& made) {
  struct MaskArgument {
    const void* mask;
    long bytes;
  } given{};
  switch (made.number) {
    case SYS_rt_sigsuspend: given = {reinterpret_cast<const void*>(made.at[0]), made.at[1]}; break;
    case SYS_ppoll: given = {reinterpret_cast<const void*>(made.at[3]), made.at[4]}; break;
    case SYS_epoll_pwait:
    case SYS_epoll_pwait2: given = {reinterpret_cast<const void*>(made.at[4]), made.at[5]}; break;
    case SYS_pselect6: {
      const auto* argument = reinterpret_cast<const MaskArgument*>(made.at[5]);
      if (mayLook(argument)) given = *argument;
      break;
    }
    default: break;
  }
  return given.bytes == kSetBytes ? given.mask : nullptr;
}

long plainCall(const KernelCall& made) {
  const long* at = made.at;
  if (HINDSIGHT_UNLIKELY(isOfSignals(made))) return signalCall(made);
  return waitWithMask(waitMask(made), [&] {
    return real.syscall(made.number, at[0], at[1], at[2], at[3], at[4], at[5]);
  });
}

/// Whether memory may come where the call wants it; errno says why not.
bool admits(KernelCall& made) {
  auto* wanted = reinterpret_cast<void*>(made.at[0]);
  auto* target = reinterpret_cast<void*>(made.at[4]);
  if (made.number == SYS_mremap)
    return (made.at[3] & MREMAP_FIXED) == 0 || admitsMove(target, static_cast<size_t>(made.at[2]));
  if (made.number != SYS_mmap) return true;
  const bool may =
      admitsMapping(wanted, static_cast<size_t>(made.at[1]), static_cast<int>(made.at[3]));
  made.at[0] = reinterpret_cast<long>(wanted);
  return may;
}

#ifdef SYS_clone3
/// What clone3 has been told since its first version [clone(2)].
struct CloneArguments {
  u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_bytes, tls;
};

bool isForkBy(const KernelCall& clone3) {
  const auto* told = reinterpret_cast<const CloneArguments*>(clone3.at[0]);
  if (!mayLook(told) || static_cast<size_t>(clone3.at[1]) < sizeof *told) return false;
  return (told->flags & CLONE_VM) == 0 && told->stack == 0;
}
#endif

/// A copy of the process with one thread, which goes on where this one does.
bool isFork(const KernelCall& made) {
#ifdef SYS_fork
  if (made.number == SYS_fork) return true;
#endif
#ifdef SYS_clone3
  if (made.number == SYS_clone3) return isForkBy(made);
#endif
  const bool keeps_stack = made.at[1] == 0;
  return made.number == SYS_clone && keeps_stack && (made.at[0] & CLONE_VM) == 0;
}

long forkingCall(const KernelCall& made) {
  const bool follows = forkStarts();
  const long child = plainCall(made);
  if (follows) forkDone(child == 0);
  return child;
}

long followedCall(uptr pc, const KernelRule& rule, KernelCall& made) {
  if (!admits(made)) return -1;
  InterceptedCall call(pc);
  if (call.bypass()) return plainCall(made);
  rule.before(call, made);
  if (made.ended != 0) {
    errno = made.ended;
    call.keepErrno();
    return -1;
  }
  const long result = call.blocking([&] { return plainCall(made); });
  rule.after(call, made, result == -1 ? -call.error() : result);
  return result;
}

}  // namespace

HINDSIGHT_INTERCEPTOR long syscall(long number, ...) noexcept {
  // As the C library's own: six are taken, however many there are.
  KernelCall made{number, {}};
  __builtin_va_list list;
  __builtin_va_start(list, number);
  for (long& argument : made.at) argument = __builtin_va_arg(list, long);
  __builtin_va_end(list);
  if (number == SYS_exit_group) _exit(static_cast<int>(made.at[0]));  // prints the summary
  if (number == SYS_execve || number == SYS_execveat) waitForReports();
  if (isFork(made)) return forkingCall(made);
  const KernelRule* const rule = kernelRule(number);
  return rule != nullptr ? followedCall(HINDSIGHT_CALLER_PC, *rule, made) : plainCall(made);
}

}  // namespace hindsight
