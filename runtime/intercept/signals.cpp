#include "intercept/signals.h"

#include <errno.h>
#include <signal.h>
#include <ucontext.h>

#include "base/flags.h"
#include "base/spin_lock.h"
#include "core/address_map.h"
#include "core/line.h"
#include "intercept/fault_masks.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"
#include "intercept/tiny_faults.h"
#include "platform/syscalls.h"
#include "report/signal_report.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

constexpr int kSignals = 65;
// The mask of `interrupting` has a bit for each signal.
static_assert(kSignals == 65);
constexpr u64 kAllSignals = ~0ull;

/// What the program asked for; the kernel has `onSignal` for those with a handler, with every
/// signal blocked: one that came while another is being postponed would find the wrong mask to
/// restore.
struct Action {
  u32 version;  // odd while `program` is being written
  bool is_ours;
  struct sigaction program;
};
Action actions[kSignals];
/// Whoever changes an action changes the table and the kernel's in one step.
constinit SpinLock actions_lock;

void setProgramAction(Action& action, const struct sigaction& wanted) {
  __atomic_store_n(&action.version, action.version + 1, __ATOMIC_RELAXED);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);  // pairs with: programAction
  action.program = wanted;
  __atomic_store_n(&action.version, action.version + 1, __ATOMIC_RELEASE);
}

/// Another thread may be changing the action. This one is not: it would be inside the runtime.
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

/// The kernel's part of a signal set.
u64 kernelSet(const sigset_t& set) {
  u64 mask;
  __builtin_memcpy(&mask, &set, sizeof(mask));
  return mask;
}

/// The signals blocked in a handler: what the kernel would have set.
u64 handlerMask(int signal, const struct sigaction& action, u64 interrupted) {
  const bool defers = (action.sa_flags & SA_NODEFER) == 0;
  return interrupted | kernelSet(action.sa_mask) | (defers ? 1ull << (signal - 1) : 0);
}

constexpr u64 bitOf(int signal) { return 1ull << (signal - 1); }
constexpr u64 kSegvBit = bitOf(SIGSEGV);
constexpr u64 kFaultBits =
    kSegvBit | bitOf(SIGBUS) | bitOf(SIGFPE) | bitOf(SIGILL) | bitOf(SIGTRAP);

bool isSynchronous(int signal, const siginfo_t* info) {
  const bool fault = signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE ||
                     signal == SIGILL || signal == SIGTRAP;
  return fault && info->si_code > 0;
}

/// To this thread.
void sendAgain(int signal, siginfo_t* info) {
  sysCall(SYS_rt_tgsigqueueinfo, static_cast<uptr>(sysGetpid()), static_cast<uptr>(sysGettid()),
          static_cast<uptr>(signal), reinterpret_cast<uptr>(info));
}

/// Whether the signal has ended a system call, which fails with EINTR.
bool hasInterruptedCall(const ucontext_t& context) {
#if defined(__x86_64__)
  constexpr u16 kSystemCall = 0x050f;
  u16 instruction;
  const auto pc = static_cast<uptr>(context.uc_mcontext.gregs[REG_RIP]);
  const auto result = static_cast<sptr>(context.uc_mcontext.gregs[REG_RAX]);
#else
  constexpr u32 kSystemCall = 0xd4000001;
  u32 instruction;
  const auto pc = static_cast<uptr>(context.uc_mcontext.pc);
  const auto result = static_cast<sptr>(context.uc_mcontext.regs[0]);
#endif
  if (result != -EINTR) return false;
  __builtin_memcpy(&instruction, reinterpret_cast<const void*>(pc - sizeof(instruction)),
                   sizeof(instruction));
  return instruction == kSystemCall;
}

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

/// A fault on the shadow of an address is a fault of the access to that address.
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

}  // namespace

bool endsWait(TlsBlock& tls, const ucontext_t& context) {
  if (HINDSIGHT_LIKELY(tls.waits_with_mask == 0) || !hasInterruptedCall(context)) return false;
  tls.waits_with_mask = 0;
  return true;
}

void postponeSignal(TlsBlock& tls, int signal, siginfo_t* info, ucontext_t* context) {
  auto* mask = reinterpret_cast<u64*>(&context->uc_sigmask);
  if (tls.signals_pending == 0) tls.postponed_mask = *mask;
  tls.signals_pending = 1;
  // From the return of this handler on. A fault that is blocked would end the program, whatever
  // handler it has.
  *mask |= (kAllSignals & ~kFaultBits) | bitOf(signal);
  sendAgain(signal, info);
}

namespace {

void deliver(TlsBlock& tls) {
  tls.signals_pending = 0;
  const u64 mask = tls.postponed_mask;
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

constexpr int kResetHandler = static_cast<int>(SA_RESETHAND);  // glibc's is unsigned

/// Has the kernel call `handler` for what is `action` to the program.
int install(int signal, const struct sigaction& action, void (*handler)(int, siginfo_t*, void*),
            struct sigaction* old = nullptr) {
  struct sigaction ours = action;
  ours.sa_sigaction = handler;
  ours.sa_flags = static_cast<int>((static_cast<u32>(action.sa_flags) | SA_SIGINFO) &
                                   ~static_cast<u32>(SA_RESETHAND | SA_NODEFER));
  sigfillset(&ours.sa_mask);
  return real.sigaction(signal, &ours, old);
}

void onFault(int signal, siginfo_t* info, void* opaque);

/// As the program sees its mask: SIGSEGV among it.
class FaultMask {
 public:
  /// The handler of the program is about to run with `mask`, interrupting `context`, or a wait
  /// that had a mask of its own, which `mask` has taken in.
  FaultMask(TlsBlock& tls, ucontext_t& context, bool ended_wait, u64& mask)
      : tls_(tls), interrupted_(reinterpret_cast<u64*>(&context.uc_sigmask)) {
    if (!faults_are_taken) return;
    if (tls.faults_blocked != 0) *interrupted_ |= kSegvBit;
    if (!ended_wait) mask |= *interrupted_ & kSegvBit;
    tls.faults_blocked = (mask & kSegvBit) != 0;
    mask &= ~kSegvBit;
  }
  /// It has returned, and may have changed the context's.
  void restore() {
    if (!faults_are_taken) return;
    tls_.faults_blocked = (*interrupted_ & kSegvBit) != 0;
    *interrupted_ &= ~kSegvBit;
  }

 private:
  TlsBlock& tls_;
  u64* const interrupted_;
};

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

/// While the program handles a fault of the runtime. The handler may not return, so its thread is
/// outside meanwhile if the runtime has looked at what the program has given it, which it does
/// without holding anything. It may hold something where it lacks stack, and in an atomic operation
/// it holds the line: then the handler runs inside, and leaveByJump brings the thread out.
class FaultInside {
 public:
  FaultInside(TlsBlock& tls, int signal, const siginfo_t* info, ucontext_t& context, uptr frame)
      : tls_(tls), depth_(tls.in_runtime), outer_(tls.inner_handler) {
    if (HINDSIGHT_LIKELY(depth_ == 0)) return;
    const auto fault = reinterpret_cast<uptr>(info->si_addr);
    const bool is_of_memory = (signal == SIGSEGV || signal == SIGBUS) && isApplication(fault);
    const bool overflows = is_of_memory && isOverflow(fault, context);
    const bool holds = is_of_memory && !overflows && holdsLine(fault);
    left_ = is_of_memory && !overflows && !holds && tls.thread != nullptr && outer_ == 0;
    if (!left_) {
      tls.inner_handler = frame;
      tls.held_line = holds ? fault : 0;
      return;
    }
    if (tls.signals_pending != 0) {  // they come as soon as the mask lets them
      *reinterpret_cast<u64*>(&context.uc_sigmask) = tls.postponed_mask;
      tls.signals_pending = 0;
    }
    __atomic_store_n(&tls.in_runtime, 0, __ATOMIC_RELEASE);  // pairs with: stopWorld
  }
  /// The handler has returned.
  void restore() {
    if (HINDSIGHT_LIKELY(depth_ == 0)) return;
    tls_.inner_handler = outer_;
    if (!left_) return;
    // A signal that came here would be postponed with the handler's mask.
    sysRtSigprocmask(SIG_SETMASK, &kAllSignals, nullptr);
    tls_.in_runtime = depth_;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);  // pairs with: the membarrier in stopWorld
    if (isWorldStopped()) parkUntilResumed(tls_);
  }

 private:
  TlsBlock& tls_;
  const u32 depth_;
  const uptr outer_;
  bool left_ = false;
};

bool hasHandler(const struct sigaction& action) {
  return (action.sa_flags & SA_SIGINFO) != 0 ||
         (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN);
}

/// What to call for a signal that has come. With SA_RESETHAND it is told once, though the signal
/// may have come to two threads before the kernel's action was reset.
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

void onSignal(int signal, siginfo_t* info, void* opaque) {
  TlsBlock& tls = __hindsight_tls;
  auto* context = static_cast<ucontext_t*>(opaque);
  if (tls.in_runtime != 0 && !isSynchronous(signal, info))
    return postponeSignal(tls, signal, info, context);
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

/// The kernel's handler of SIGSEGV when that is ours.
void onFault(int signal, siginfo_t* info, void* opaque) {
  auto& context = *static_cast<ucontext_t*>(opaque);
  const bool is_fault = isSynchronous(signal, info);
  if (is_fault && completeTinyCheck(*info, context)) return;
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
    if (result == 0 && action != nullptr) actions[signal].is_ours = false;
  }
  old = was_ours ? before : kernel_old;
  return result;
}

/// Installs `action` for the program; `old` is what the program had. Returns as sigaction.
int change(int signal, const struct sigaction* action, struct sigaction* old) {
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

}  // namespace

void leaveByJump(uptr stack) {
  TlsBlock& tls = __hindsight_tls;
  if (HINDSIGHT_LIKELY(tls.inner_handler == 0) || tls.in_runtime == 0) return;
  const auto here = reinterpret_cast<uptr>(__builtin_frame_address(0));
  if (stack > here && stack <= tls.inner_handler) return;  // inside the handler
  tls.inner_handler = 0;
  if (tls.held_line != 0) __atomic_and_fetch(lineWord(tls.held_line), ~1u, __ATOMIC_RELEASE);
  __atomic_store_n(&tls.in_runtime, 0, __ATOMIC_RELEASE);  // pairs with: stopWorld
  if (tls.signals_pending != 0) deliver(tls);
}

void initSignals() { deliver_signals = deliver; }

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

int changeKernelAction(int signal, const KernelAction* action, KernelAction* old) {
  constexpr unsigned long kHasRestorer = 0x4000000;  // SA_RESTORER
  struct sigaction wanted {
  }, before{};
  if (action != nullptr) {
    wanted.sa_sigaction = action->handler;
    wanted.sa_flags = static_cast<int>(action->flags & ~kHasRestorer);
    __builtin_memcpy(&wanted.sa_mask, &action->mask, sizeof(action->mask));
  }
  const int result = change(signal, action != nullptr ? &wanted : nullptr, &before);
  if (result == 0 && old != nullptr) {
    *old = {};
    old->handler = before.sa_sigaction;
    old->flags = static_cast<unsigned>(before.sa_flags);
    old->mask = kernelSet(before.sa_mask);
  }
  return result;
}

HINDSIGHT_INTERCEPTOR int sigaction(int signal, const struct sigaction* action,
                                    struct sigaction* old) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (action != nullptr && !call.bypass()) call.reads(action, sizeof(*action));
  const int result = change(signal, action, old);
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
  const int result = change(signal, &action, &old);
  if (!call.bypass()) call.keepErrno();
  return result == 0 ? old.sa_handler : SIG_ERR;
}

sighandler_t noHandler() {
  errno = EINVAL;
  return SIG_ERR;
}

/// Signals that siginterrupt has made interrupt system calls.
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
