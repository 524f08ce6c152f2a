// exception.cpp - the reference count of exception objects: every use -> the destruction.
//
// std::exception_ptr shares an exception between threads; the count lives in the C++ library, which
// is not instrumented, and so does the call of the destructor. Two places drop references: leaving
// a handler and std::exception_ptr. Each drop is a release on the object. The last drop must
// acquire before it destroys, so it must be known to be the last before the library makes it: a
// drop that leaves other references is made here, on libstdc++'s own counter, and only the last by
// the library.
//
//   libstdc++:  [ count : 4 | ... exception header ... | object ]   count 128 bytes before the
//   object
//   libc++abi:  the same header with a reserved word in front: count 120 bytes before the object
//
// Weak, so that a C++ library that is linked statically can bring its own; then these are not used.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/cxx_abi.h"
#include "intercept/lock_calls.h"
#include "intercept/real_calls.h"

using namespace hindsight;

namespace {

// In libc++abi's counter the upper half is 0.
constexpr uptr kCountBeforeObject = 128, kLibcxxCountBeforeObject = 120;

/// Called, not intercepted, hence in no table.
constinit RealFunction<decltype(::_ZSt17current_exceptionv)> current_exception{
    "_ZSt17current_exceptionv", kOptional};
constinit RealFunction<decltype(::__cxa_current_primary_exception)> current_primary_exception{
    "__cxa_current_primary_exception", kOptional};

/// A byte of the header, so that it is no address that the object's own members synchronise on.
uptr exceptionKey(const void* object) { return syncKey(object) - 1; }

/// Drops a reference if it is not the last one.
bool dropShared(void* object, uptr count_before_object) {
  auto* count = reinterpret_cast<u32*>(reinterpret_cast<uptr>(object) - count_before_object);
  u32 now = __atomic_load_n(count, __ATOMIC_ACQUIRE);  // pairs with: the other drops
  while (now > 1)
    if (__atomic_compare_exchange_n(count, &now, now - 1, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
      return true;
  return false;
}

using EndCatch = decltype(::__cxa_end_catch);
using DropReference = decltype(::__cxa_decrement_exception_refcount);
using ReleasePointer = decltype(::_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv);

/// Drops the reference of `pointer`, having released it; `call` is inside the runtime.
void drop(InterceptedCall& call, ExceptionPointer& pointer, ReleasePointer* real_release) {
  if (dropShared(pointer.object, kCountBeforeObject)) return;
  acquire(call.thread(), exceptionKey(pointer.object));
  call.blocking([&] { real_release(&pointer); });  // runs the program's destructor
}

void dropLibcxx(InterceptedCall& call, void* object, DropReference* real_drop) {
  if (dropShared(object, kLibcxxCountBeforeObject)) return;
  acquire(call.thread(), exceptionKey(object));
  call.blocking([=] { real_drop(object); });
}

/// The C++ library whose handler the caller at `pc` leaves. All of it is of the program, or all of
/// the caller's own.
class CxxLibrary {
 public:
  explicit CxxLibrary(uptr pc) : pc_(real.__cxa_end_catch.exists() ? 0 : pc) {}

  /// Null if the library has no such function.
  template <class Function>
  Function* operator[](RealFunction<Function>& function) const {
    if (pc_ != 0) return function.inScopeOf(pc_);
    return function.exists() ? static_cast<Function*>(function) : nullptr;
  }

 private:
  const uptr pc_;  // 0: the program's
};

/// A function of the library that has `real_end`; null if it has none.
template <class Function>
Function* besides(EndCatch* real_end, const RealFunction<Function>& function) {
  return function.inScopeOf(reinterpret_cast<uptr>(real_end) + 1);
}

/// __cxa_end_catch of libc++abi: as for libstdc++, with a reference of our own in between.
void endLibcxxCatch(InterceptedCall& call, EndCatch* real_end, DropReference* real_drop) {
  auto* const current = besides(real_end, current_primary_exception);
  void* caught = current != nullptr ? current() : nullptr;
  if (caught != nullptr) release(call.thread(), exceptionKey(caught));
  call.blocking([=] { real_end(); });
  if (caught != nullptr) dropLibcxx(call, caught, real_drop);
}

void endLibstdcxxCatch(InterceptedCall& call, EndCatch* real_end, ReleasePointer* real_release) {
  auto* const current = besides(real_end, current_exception);
  if (current == nullptr) return real_end();
  // A reference of our own, so that the handler's is not the last one.
  ExceptionPointer caught = current();
  const bool is_native = caught.object != nullptr;  // not of another language
  if (is_native) release(call.thread(), exceptionKey(caught.object));
  call.blocking([=] { real_end(); });
  if (is_native) drop(call, caught, real_release);
}

}  // namespace

extern "C" __attribute__((weak, visibility("default"))) void __cxa_decrement_exception_refcount(
    void* object) noexcept {
  auto* const real_drop = real.__cxa_decrement_exception_refcount.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || object == nullptr) return real_drop(object);
  release(call.thread(), exceptionKey(object));
  dropLibcxx(call, object, real_drop);
}

extern "C" __attribute__((weak, visibility("default"))) void
_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(ExceptionPointer* self) noexcept {
  auto* const real_release =
      real._ZNSt15__exception_ptr13exception_ptr10_M_releaseEv.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_release(self);
  release(call.thread(), exceptionKey(self->object));
  drop(call, *self, real_release);
}

extern "C" __attribute__((weak, visibility("default"))) void __cxa_end_catch() {
  const CxxLibrary library(HINDSIGHT_CALLER_PC);
  auto* const real_end = real.__cxa_end_catch.seenFrom(HINDSIGHT_CALLER_PC);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_end();
  // The library that brings the one has no use for the other.
  if (auto* const real_drop = library[real.__cxa_decrement_exception_refcount])
    return endLibcxxCatch(call, real_end, real_drop);
  if (auto* const real_release = library[real._ZNSt15__exception_ptr13exception_ptr10_M_releaseEv])
    return endLibstdcxxCatch(call, real_end, real_release);
  real_end();  // another C++ library lays its exceptions out in another way
}
