// condition_wait.h - a condition variable, POSIX or C11, as sync/ sees it.
//
// A wait is an unlock of the mutex followed by a lock of it, and nothing else: signal and broadcast
// order nothing by themselves. A cancelled wait, too, owns the mutex again when the thread's
// cleanup handlers run, so the lock is recorded while the thread unwinds past the wait.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "intercept/libc_locks.h"
#include "intercept/lock_calls.h"
#include "intercept/primitive.h"
#include "intercept/unwind_hook.h"

namespace hindsight {

/// The calls that initialise, destroy and signal a condition. They return what `real_call` returns,
/// 0 for success.
template <class Condition, class RealCall>
int beginsCondition(uptr pc, Condition* condition, RealCall real_call) {
  OrderingCall call(pc);
  if (call.bypass()) return real_call();
  const int error = real_call();
  if (error == 0) primitiveInitialised(call, condition);
  return error;
}

/// Destruction waits until those that have been woken are gone.
template <class Condition, class RealCall>
int endsCondition(uptr pc, Condition* condition, RealCall real_call) {
  OrderingCall call(pc);
  if (call.bypass()) return real_call();
  primitiveDestroyed(call, condition);
  return call.blocking(real_call);
}

template <class Condition, class RealCall>
int wakesCondition(uptr pc, Condition* condition, RealCall real_call) {
  OrderingCall call(pc);
  if (call.bypass()) return real_call();
  primitiveUsed(call, condition);
  return real_call();
}

/// Runs `real_wait`, which gives up `mutex` while it waits; returns what it returns.
/// `owned(result)` says whether the caller owns the mutex after that result.
template <class Condition, class RealWait, class Owned>
int waitOnCondition(InterceptedCall& call, const Condition* condition, const pthread_mutex_t* mutex,
                    RealWait real_wait, Owned owned) {
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
  primitiveUsed(call, condition);
  lockReleasing(call.thread(), wait.mutex, unlockOf(mutex));
  // It will wait for the mutex, too, while it holds other locks.
  noteLockAgain(call.thread(), wait.mutex, call.pc());
  call.blocking([&] { callWithUnwindHook(run, cancelled, &wait); });
  if (owned(wait.result)) lockObtained(call.thread(), wait.mutex, LockMode::Exclusive, call.pc());
  return wait.result;
}

}  // namespace hindsight
