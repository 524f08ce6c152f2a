// libcxx.cpp - the parts of LLVM's libc++ that order threads inside its shared library.
//
//   call_once           end of the initialiser -> every return [ISO C++20, thread.once.callonce]
//   thread's own data   the key is made -> every thread that uses it
//   barrier             every arrival -> the completion of its phase [thread.barrier.class]
//   shared_ptr's block  every use -> its release when the last reference of either kind goes
//   shared_mutex        two readers are not ordered, though a mutex inside counts them
//
// libc++'s headers hold the rest (atomics, latch, semaphore), which instrumentation sees. Weak in
// the end (cmake/merge_runtime.sh), so that a libc++ that is linked statically can bring its own;
// then these are not used.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/cxx_abi.h"
#include "intercept/lock_calls.h"
#include "intercept/real_calls.h"
#include "intercept/unwind_hook.h"
#include "threads/thread.h"

using namespace hindsight;

namespace {

struct OnceCall {
  void (*initialiser)(void*);
  void* argument;
  uptr flag;
  uptr caller_pc;
};

void runUserInitialiser(void* once) {
  const auto& started = *static_cast<const OnceCall*>(once);
  started.initialiser(started.argument);
}

void releaseFlag(void* once) {
  const auto& started = *static_cast<const OnceCall*>(once);
  InterceptedCall call(started.caller_pc);
  if (!call.bypass()) release(call.thread(), started.flag);
}

/// Called by libc++ in place of the initialiser, outside the runtime. An attempt that throws is
/// ordered before the next one.
void runInitialiser(void* once) {
  const auto& started = *static_cast<const OnceCall*>(once);
  {
    InterceptedCall call(started.caller_pc);
    if (!call.bypass()) acquire(call.thread(), started.flag);
  }
  callWithUnwindHook(runUserInitialiser, releaseFlag, once);
  releaseFlag(once);
}

/// Makes a call whose own locks order nothing: what it means is recorded by the caller.
template <class RealCall>
auto withoutInnerOrder(InterceptedCall& call, RealCall real_call) {
  Thread& thread = call.thread();
  beginUnordered(thread);
  if constexpr (__is_same(decltype(real_call()), void)) {
    call.blocking(real_call);
    endUnordered(thread);
  } else {
    const auto result = call.blocking(real_call);
    endUnordered(thread);
    return result;
  }
}

/// The name of the lock in sync/: past the start, which is the name of the mutex inside.
uptr sharedMutexKey(const void* self) { return syncKey(self) + 1; }

}  // namespace

HINDSIGHT_INTERCEPTOR void _ZNSt3__111__call_onceERVmPvPFvS2_E(volatile unsigned long& flag,
                                                               void* argument,
                                                               void (*initialiser)(void*)) {
  auto* const real_function =
      real._ZNSt3__111__call_onceERVmPvPFvS2_E.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_function(flag, argument, initialiser);
  OnceCall once{initialiser, argument, syncKey(&flag), call.pc()};
  call.blocking([&] { real_function(flag, &once, runInitialiser); });
  acquire(call.thread(), once.flag);
}

HINDSIGHT_INTERCEPTOR void* _ZNSt3__119__thread_local_dataEv() {
  auto* const real_function = real._ZNSt3__119__thread_local_dataEv.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_function();
  in_thread_data = true;
  void* const data = call.blocking([=] { return real_function(); });
  in_thread_data = false;
  // Made before the runtime was there: the guard is not known, nor is the write of the key.
  // pairs with: __cxa_guard_release
  if (const u64* guard = __atomic_load_n(&thread_data_guard, __ATOMIC_ACQUIRE))
    acquire(call.thread(), syncKey(guard));
  return data;
}

HINDSIGHT_INTERCEPTOR bool
_ZNSt3__131__arrive_barrier_algorithm_baseEPNS_24__barrier_algorithm_baseEh(void* barrier,
                                                                            unsigned char phase) {
  auto* const real_function =
      real._ZNSt3__131__arrive_barrier_algorithm_baseEPNS_24__barrier_algorithm_baseEh.seenFrom(
          HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_function(barrier, phase);
  release(call.thread(), syncKey(barrier));
  const bool completes = real_function(barrier, phase);
  if (completes) acquire(call.thread(), syncKey(barrier));
  return completes;
}

HINDSIGHT_INTERCEPTOR void _ZNSt3__119__shared_weak_count14__release_weakEv(
    SharedWeakCount* self) noexcept {
  auto* const real_function =
      real._ZNSt3__119__shared_weak_count14__release_weakEv.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_function(self);
  const uptr key = syncKey(&self->weak_owners);
  release(call.thread(), key);
  // A drop that leaves other references is made here, so that the last one is known beforehand.
  long now = __atomic_load_n(&self->weak_owners, __ATOMIC_ACQUIRE);  // pairs with: the other drops
  while (now > 0)
    if (__atomic_compare_exchange_n(&self->weak_owners, &now, now - 1, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
      return;
  acquire(call.thread(), key);
  call.blocking([=] { real_function(self); });
}

HINDSIGHT_INTERCEPTOR void _ZNSt3__119__shared_mutex_base4lockEv(void* self) {
  auto* const real_function =
      real._ZNSt3__119__shared_mutex_base4lockEv.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_function(self);
  withoutInnerOrder(call, [=] { real_function(self); });
  lockObtained(call.thread(), sharedMutexKey(self), LockMode::Exclusive, call.pc());
}

HINDSIGHT_INTERCEPTOR bool _ZNSt3__119__shared_mutex_base8try_lockEv(void* self) {
  auto* const real_function =
      real._ZNSt3__119__shared_mutex_base8try_lockEv.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_function(self);
  const bool done = withoutInnerOrder(call, [=] { return real_function(self); });
  if (done)
    lockObtained(call.thread(), sharedMutexKey(self), LockMode::Exclusive, call.pc(),
                 LockCall::Tries);
  return done;
}

HINDSIGHT_INTERCEPTOR void _ZNSt3__119__shared_mutex_base6unlockEv(void* self) {
  auto* const real_function =
      real._ZNSt3__119__shared_mutex_base6unlockEv.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_function(self);
  lockReleasing(call.thread(), sharedMutexKey(self), Unlock::Frees);
  withoutInnerOrder(call, [=] { real_function(self); });
}

HINDSIGHT_INTERCEPTOR void _ZNSt3__119__shared_mutex_base11lock_sharedEv(void* self) {
  auto* const real_function =
      real._ZNSt3__119__shared_mutex_base11lock_sharedEv.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_function(self);
  withoutInnerOrder(call, [=] { real_function(self); });
  lockObtained(call.thread(), sharedMutexKey(self), LockMode::Shared, call.pc());
}

HINDSIGHT_INTERCEPTOR bool _ZNSt3__119__shared_mutex_base15try_lock_sharedEv(void* self) {
  auto* const real_function =
      real._ZNSt3__119__shared_mutex_base15try_lock_sharedEv.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_function(self);
  const bool done = withoutInnerOrder(call, [=] { return real_function(self); });
  if (done)
    lockObtained(call.thread(), sharedMutexKey(self), LockMode::Shared, call.pc(), LockCall::Tries);
  return done;
}

HINDSIGHT_INTERCEPTOR void _ZNSt3__119__shared_mutex_base13unlock_sharedEv(void* self) {
  auto* const real_function =
      real._ZNSt3__119__shared_mutex_base13unlock_sharedEv.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_function(self);
  lockReleasing(call.thread(), sharedMutexKey(self));
  withoutInnerOrder(call, [=] { real_function(self); });
}
