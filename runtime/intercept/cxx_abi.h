// cxx_abi.h - functions of the C++ runtime that have an interceptor or that one calls.
//
// Declared here because no header of libc has them, by their symbol names because the runtime
// includes no C++ library. A C program has none of them: see LIBC_OPTIONAL in pthread.def.
#pragma once

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

namespace hindsight {

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
