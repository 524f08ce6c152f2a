// condition_wait.h - waiting on a condition variable, POSIX or C11, as sync/ sees it.
//
// A wait is an unlock of the mutex followed by a lock of it, and nothing else: signal and broadcast
// order nothing by themselves. A cancelled wait, too, owns the mutex again when the thread's
// cleanup handlers run, so the lock is recorded while the thread unwinds past the wait.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "intercept/lock_calls.h"
#include "intercept/unwind_hook.h"

namespace hindsight {

/// Runs `real_wait`, which gives up `mutex` while it waits; returns what it returns.
/// `owned(result)` says whether the caller owns the mutex after that result.
template <class RealWait, class Owned>
int waitOnCondition(InterceptedCall& call, const void* mutex, RealWait real_wait, Owned owned) {
  struct Wait {
    RealWait real_wait;
    uptr mutex;
    uptr caller_pc;
    int result;
  };
  Wait wait{real_wait, syncKey(mutex), call.pc(), 0};
  const auto run = [](void* argument) {
    Wait& running = *static_cast<Wait*>(argument);
    running.result = running.real_wait();
  };
  const auto cancelled = [](void* argument) {  // `blocking` has left the runtime
    const Wait& left = *static_cast<const Wait*>(argument);
    InterceptedCall unwinding(left.caller_pc);
    if (!unwinding.bypass())
      lockObtained(unwinding.thread(), left.mutex, LockMode::Exclusive, left.caller_pc);
  };
  lockReleasing(call.thread(), wait.mutex);
  // It will wait for the mutex, too, while it holds other locks.
  noteLockAgain(call.thread(), wait.mutex, call.pc());
  call.blocking([&] { callWithUnwindHook(run, cancelled, &wait); });
  if (owned(wait.result)) lockObtained(call.thread(), wait.mutex, LockMode::Exclusive, call.pc());
  return wait.result;
}

}  // namespace hindsight
