// static_guard.cpp - function-local statics: end of the initialiser -> every use.
//
// An initialiser that throws is followed by the next attempt, which is ordered after it.
//
// Compiled code reads byte 0 of the guard with an acquire load, which is instrumented, and calls
// __cxa_guard_acquire only if it is 0. The sync object is therefore the guard's own address, and
// the release comes before the real function sets the byte.
//
// The real functions are those of the C++ runtime, if it is a shared library. One that is linked
// statically is left out by the linker in favour of these, so there is nothing to forward to: a
// small implementation of our own steps in, with the byte layout of a guard that both C++ runtimes
// accept once byte 0 is set.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/cxx_abi.h"

#include <linux/futex.h>

#include "intercept/lock_calls.h"
#include "intercept/real_calls.h"
#include "platform/syscalls.h"

using namespace hindsight;

namespace {

// The guard's first 32 bits, in our own implementation.
constexpr u32 kDone = 1;
constexpr u32 kRunning = 0x100;
constexpr u32 kAwaited = 0x10000;

u32* stateOf(u64* guard) { return reinterpret_cast<u32*>(guard); }

int ownAcquire(u64* guard) {
  u32* state = stateOf(guard);
  for (;;) {
    u32 seen = 0;
    // pairs with: ownFinish
    if (__atomic_compare_exchange_n(state, &seen, kRunning, false, __ATOMIC_ACQUIRE,
                                    __ATOMIC_ACQUIRE))
      return 1;
    if ((seen & kDone) != 0) return 0;
    const u32 awaited = seen | kAwaited;
    if (seen == awaited || __atomic_compare_exchange_n(state, &seen, awaited, false,
                                                       __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      sysFutex(state, FUTEX_WAIT_PRIVATE, awaited, nullptr);
  }
}

void ownFinish(u64* guard, u32 state) {
  // pairs with: ownAcquire and the inlined test of byte 0
  const u32 before = __atomic_exchange_n(stateOf(guard), state, __ATOMIC_RELEASE);
  if ((before & kAwaited) != 0) sysFutex(stateOf(guard), FUTEX_WAKE_PRIVATE, INT32_MAX, nullptr);
}

int realAcquire(u64* guard) {
  return real.__cxa_guard_acquire.exists() ? real.__cxa_guard_acquire(guard) : ownAcquire(guard);
}

void realRelease(u64* guard) {
  if (real.__cxa_guard_release.exists())
    real.__cxa_guard_release(guard);
  else
    ownFinish(guard, kDone);
}

void realAbort(u64* guard) {
  if (real.__cxa_guard_abort.exists())
    real.__cxa_guard_abort(guard);
  else
    ownFinish(guard, 0);
}

}  // namespace

namespace hindsight {
constinit u64* thread_data_guard = nullptr;
constinit thread_local bool in_thread_data = false;
}  // namespace hindsight

HINDSIGHT_INTERCEPTOR int __cxa_guard_acquire(u64* guard) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return realAcquire(guard);
  const int run_initialiser = call.blocking([=] { return realAcquire(guard); });
  acquire(call.thread(), syncKey(guard));
  return run_initialiser;
}

HINDSIGHT_INTERCEPTOR void __cxa_guard_release(u64* guard) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) release(call.thread(), syncKey(guard));
  // pairs with: __thread_local_data in libcxx.cpp
  if (in_thread_data) __atomic_store_n(&thread_data_guard, guard, __ATOMIC_RELEASE);
  realRelease(guard);
}

HINDSIGHT_INTERCEPTOR void __cxa_guard_abort(u64* guard) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) release(call.thread(), syncKey(guard));
  realAbort(guard);
}
