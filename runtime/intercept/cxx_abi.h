// cxx_abi.h - functions of the C++ runtime that have an interceptor or that one calls.
//
// Declared here because no header of libc has them, by their symbol names because the runtime
// includes no C++ library. A C program has none of them: see LIBC_OPTIONAL in pthread.def.
#pragma once

#include <unwind.h>

#include "base/types.h"

// --- Function-local statics ------------------------------------------------------------------
// The guard is 8 bytes: byte 0 is 1 once the initialiser has run (compiled code tests it with an
// acquire load before it calls anything), the rest is the implementation's own [Itanium C++ ABI,
// 3.3.3].

/// Returns 1 if the caller must run the initialiser, 0 if it has run already; waits in between.
extern "C" int __cxa_guard_acquire(hindsight::u64* guard);
/// The initialiser has run: sets byte 0 and wakes who waits.
extern "C" void __cxa_guard_release(hindsight::u64* guard);
/// The initialiser has thrown: the next caller of acquire tries again.
extern "C" void __cxa_guard_abort(hindsight::u64* guard);

// --- Exceptions ------------------------------------------------------------------------------

/// Leaves a handler; drops the handler's reference to the exception object.
extern "C" void __cxa_end_catch();
/// Drops one reference of an exception object; destroys it if it was the last (libc++abi).
extern "C" void __cxa_decrement_exception_refcount(void* object) noexcept;
/// The exception being handled, with one more reference, or null (libc++abi).
extern "C" void* __cxa_current_primary_exception() noexcept;

namespace hindsight {

/// The guard of libc++'s `__thread_local_data()`, once released. The library tests its byte 0
/// itself, where no instrumentation sees it.
extern constinit u64* thread_data_guard;
/// Set while the thread is in that function: the guard that it releases there is this one.
extern constinit __attribute__((tls_model("initial-exec"))) thread_local bool in_thread_data;

/// std::exception_ptr of libstdc++ as it is in memory, and, like it, returned through a hidden
/// argument because it is not trivially copyable.
struct ExceptionPointer {
  void* object;
  ExceptionPointer(const ExceptionPointer& other) = delete;
  ~ExceptionPointer() {}  // who has one drops it
};

}  // namespace hindsight

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wreturn-type-c-linkage"
/// std::current_exception(): one more reference to the exception being handled, or null.
extern "C" hindsight::ExceptionPointer _ZSt17current_exceptionv() noexcept;
#pragma clang diagnostic pop
/// std::exception_ptr::_M_release() of libstdc++: drops one reference of a pointer that is not
/// null.
extern "C" void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(
    hindsight::ExceptionPointer* self) noexcept;

// --- Futures of libstdc++ ----------------------------------------------------------------------

namespace hindsight {

/// std::_Sp_counted_base, the control block of a shared_ptr.
struct SharedOwners {
  void** virtual_table;
  int owners, weak;
};
/// std::__future_base::_State_baseV2, as far as it matters here.
struct FutureState {
  void* virtual_table;
  void* result;
  u32 status;
};
/// Its _Make_ready: what the library keeps of a future that is to be ready when the thread ends.
struct FutureMadeReady {
  void* next;
  void (*call_back)(void* self);
  FutureState* state;
  SharedOwners* owners;
};

}  // namespace hindsight

/// Has the thread call back when it ends.
extern "C" void _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(
    hindsight::FutureMadeReady* self);

// --- LLVM's libc++ ---------------------------------------------------------------------------

namespace hindsight {

/// std::__1::__shared_weak_count, the control block of a shared_ptr; counts are one less than the
/// number of owners.
struct SharedWeakCount {
  void* virtual_table;
  long shared_owners;
  long weak_owners;
};

}  // namespace hindsight

/// std::__1::__call_once(): calls `initialiser(argument)` unless a call for `flag` has returned.
extern "C" void _ZNSt3__111__call_onceERVmPvPFvS2_E(volatile unsigned long& flag, void* argument,
                                                    void (*initialiser)(void*));
/// std::__1::__thread_local_data(): the key of the threads' own data, a function-local static that
/// the library makes on the first call and that its headers then read.
extern "C" void* _ZNSt3__119__thread_local_dataEv();
/// std::__1::__arrive_barrier_algorithm_base(): true for the last arrival of the phase.
extern "C" bool _ZNSt3__131__arrive_barrier_algorithm_baseEPNS_24__barrier_algorithm_baseEh(
    void* barrier, unsigned char phase);
/// std::__1::__shared_weak_count::__release_weak()
extern "C" void _ZNSt3__119__shared_weak_count14__release_weakEv(
    hindsight::SharedWeakCount* self) noexcept;
// std::__1::__shared_mutex_base: lock, try_lock, unlock, and the same for readers
extern "C" void _ZNSt3__119__shared_mutex_base4lockEv(void* self);
extern "C" bool _ZNSt3__119__shared_mutex_base8try_lockEv(void* self);
extern "C" void _ZNSt3__119__shared_mutex_base6unlockEv(void* self);
extern "C" void _ZNSt3__119__shared_mutex_base11lock_sharedEv(void* self);
extern "C" bool _ZNSt3__119__shared_mutex_base15try_lock_sharedEv(void* self);
extern "C" void _ZNSt3__119__shared_mutex_base13unlock_sharedEv(void* self);
