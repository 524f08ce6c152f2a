// glib_locks.cpp - what GLib's locks order inside its shared library, by atomics and futexes.
//
//   GMutex, GCond    unlock -> later lock; a wait is an unlock and a lock
//   bit locks        unlock -> later lock, of any bit of the word: all are read-modify-writes of it
//   g_once and kin   end of the initialiser -> every return; the headers' loads acquire the same
//
// GRecMutex, GRWLock and GThread are made of POSIX's, which the library calls as anybody does.
// Weak in the end (cmake/merge_runtime.sh), so that a GLib that is linked statically, or something
// else of these names, is called as if there was no detector; then nothing is known of it.
//
// Thread safety: any thread. Allocation: none.
#include <errno.h>

#include "intercept/lock_calls.h"
#include "intercept/real_calls.h"
#include "intercept/unwind_hook.h"

using namespace hindsight;

namespace {

/// Runs `real_wait`, which gives up `mutex` while it waits and owns it again in the end, even where
/// the thread is cancelled.
template <class RealWait>
int waitWithMutex(InterceptedCall& call, void* mutex, RealWait real_wait) {
  struct Wait {
    RealWait real_wait;
    uptr mutex, caller_pc;
    int result;
  };
  Wait wait{real_wait, syncKey(mutex), call.pc(), 0};
  const auto run = [](void* argument) {
    Wait& running = *static_cast<Wait*>(argument);
    running.result = running.real_wait();
  };
  const auto unwound = [](void* argument) {  // `blocking` has left the runtime
    const Wait& left = *static_cast<const Wait*>(argument);
    InterceptedCall unwinding(left.caller_pc);
    if (!unwinding.bypass())
      lockObtained(unwinding.thread(), left.mutex, LockMode::Exclusive, left.caller_pc);
  };
  lockReleasing(call.thread(), wait.mutex, Unlock::Frees);
  call.blocking([&] { callWithUnwindHook(run, unwound, &wait); });
  lockObtained(call.thread(), wait.mutex, LockMode::Exclusive, call.pc());
  return wait.result;
}

struct OnceCall {
  void* (*function)(void*);
  void* argument;
  uptr once;
};

/// Called by GLib in place of the function, outside the runtime.
void* runOnce(void* argument) {
  const auto& started = *static_cast<const OnceCall*>(argument);
  void* const result = started.function(started.argument);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) release(call.thread(), started.once);
  return result;
}

}  // namespace

// --- Mutexes and conditions ----------------------------------------------------------------------

HINDSIGHT_INTERCEPTOR void g_mutex_lock(void* mutex) {
  auto* const real_lock = real.g_mutex_lock.seenFrom(HINDSIGHT_CALLER_PC);
  auto* const real_try = real.g_mutex_trylock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_lock(mutex);
  lockOrWait(
      call, syncKey(mutex), LockMode::Exclusive, [=] { return real_try(mutex) != 0 ? 0 : EBUSY; },
      [=] { return real_lock(mutex), 0; }, [] {});
}

HINDSIGHT_INTERCEPTOR int g_mutex_trylock(void* mutex) {
  auto* const real_try = real.g_mutex_trylock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_try(mutex);
  const int is_obtained = real_try(mutex);
  recordLock(call, syncKey(mutex), LockMode::Exclusive, is_obtained != 0 ? 0 : EBUSY);
  return is_obtained;
}

HINDSIGHT_INTERCEPTOR void g_mutex_unlock(void* mutex) {
  auto* const real_unlock = real.g_mutex_unlock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_unlock(mutex);
  lockReleasing(call.thread(), syncKey(mutex), Unlock::Frees);
  real_unlock(mutex);
}

HINDSIGHT_INTERCEPTOR void g_cond_wait(void* condition, void* mutex) {
  auto* const real_wait = real.g_cond_wait.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_wait(condition, mutex);
  waitWithMutex(call, mutex, [=] { return real_wait(condition, mutex), 0; });
}

HINDSIGHT_INTERCEPTOR int g_cond_wait_until(void* condition, void* mutex, long end_time) {
  auto* const real_wait = real.g_cond_wait_until.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_wait(condition, mutex, end_time);
  return waitWithMutex(call, mutex, [=] { return real_wait(condition, mutex, end_time); });
}

// --- One bit as a lock ---------------------------------------------------------------------------

HINDSIGHT_INTERCEPTOR void g_bit_lock(volatile int* word, int bit) {
  auto* const real_lock = real.g_bit_lock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_lock(word, bit);
  call.blocking([=] { real_lock(word, bit); });
  acquire(call.thread(), syncKey(word));
}

HINDSIGHT_INTERCEPTOR int g_bit_trylock(volatile int* word, int bit) {
  auto* const real_try = real.g_bit_trylock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_try(word, bit);
  const int is_obtained = real_try(word, bit);
  if (is_obtained != 0) acquire(call.thread(), syncKey(word));
  return is_obtained;
}

HINDSIGHT_INTERCEPTOR void g_bit_unlock(volatile int* word, int bit) {
  auto* const real_unlock = real.g_bit_unlock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_unlock(word, bit);
  release(call.thread(), syncKey(word));
  call.blocking([=] { real_unlock(word, bit); });
}

HINDSIGHT_INTERCEPTOR void g_pointer_bit_lock(volatile void* word, int bit) {
  auto* const real_lock = real.g_pointer_bit_lock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_lock(word, bit);
  call.blocking([=] { real_lock(word, bit); });
  acquire(call.thread(), syncKey(word));
}

HINDSIGHT_INTERCEPTOR int g_pointer_bit_trylock(volatile void* word, int bit) {
  auto* const real_try = real.g_pointer_bit_trylock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_try(word, bit);
  const int is_obtained = real_try(word, bit);
  if (is_obtained != 0) acquire(call.thread(), syncKey(word));
  return is_obtained;
}

HINDSIGHT_INTERCEPTOR void g_pointer_bit_unlock(volatile void* word, int bit) {
  auto* const real_unlock = real.g_pointer_bit_unlock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_unlock(word, bit);
  release(call.thread(), syncKey(word));
  call.blocking([=] { real_unlock(word, bit); });
}

// --- Once ----------------------------------------------------------------------------------------

HINDSIGHT_INTERCEPTOR int g_once_init_enter(volatile void* location) {
  auto* const real_enter = real.g_once_init_enter.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_enter(location);
  const int must_initialise = call.blocking([=] { return real_enter(location); });
  if (must_initialise == 0) acquire(call.thread(), syncKey(location));
  return must_initialise;
}

HINDSIGHT_INTERCEPTOR void g_once_init_leave(volatile void* location, size_t result) {
  auto* const real_leave = real.g_once_init_leave.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_leave(location, result);
  release(call.thread(), syncKey(location));
  call.blocking([=] { real_leave(location, result); });
}

HINDSIGHT_INTERCEPTOR void* g_once_impl(void* once, void* (*function)(void*), void* argument) {
  auto* const real_once = real.g_once_impl.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_once(once, function, argument);
  OnceCall started{function, argument, syncKey(once)};
  void* const result = call.blocking([&] { return real_once(once, runOnce, &started); });
  acquire(call.thread(), started.once);
  return result;
}
