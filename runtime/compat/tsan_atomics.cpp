// tsan_atomics.cpp - atomic operations of objects that -fsanitize=thread has compiled, and of code
// that includes sanitizer/tsan_interface_atomic.h. The rules are in entry/atomic_steps.h.
//
// Thread safety: any thread. Allocation: as atomics.cpp.
#include "entry/atomic_calls.h"
#include "entry/atomic_steps.h"

extern "C" void __hindsight_atomic_fence(int order);

namespace hindsight {
namespace {

#define HINDSIGHT_RETURN_PC reinterpret_cast<uptr>(__builtin_return_address(0))

/// GCC adds flags to the order: hardware lock elision, and that it came from a __sync builtin.
constexpr int orderOf(int order) { return order & 7; }

/// The expected value is the program's variable, too: read, and written if the exchange fails.
void checkPlain(const void* pointer, size_t bytes, bool writes, uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  if (thread == nullptr || tls.in_runtime != 0) return;
  enterRuntime(tls);
  checkAccess(*thread, reinterpret_cast<uptr>(pointer), bytes, writes, {pc, tls.stack});
  leaveRuntime(tls);
}

template <class T>
bool exchangeIfEqual(volatile T* a, T* expected, T desired, int order, int failure_order, uptr pc) {
  checkPlain(expected, sizeof(T), false, pc);
  const T wanted = *expected;
  const T seen =
      callCompareExchange<T>(a, wanted, desired, orderOf(order), orderOf(failure_order), pc);
  if (seen == wanted) return true;
  checkPlain(expected, sizeof(T), true, pc);
  *expected = seen;
  return false;
}

}  // namespace

#define HINDSIGHT_TSAN_UPDATE(bits, T, name, how)                                        \
  HINDSIGHT_EXPORT T __tsan_atomic##bits##_fetch_##name(volatile T* a, T v, int order) { \
    return callUpdate<T>(a, v, Update::how, orderOf(order), HINDSIGHT_RETURN_PC);        \
  }
#define HINDSIGHT_TSAN_ATOMICS(bits, T)                                                         \
  HINDSIGHT_EXPORT T __tsan_atomic##bits##_load(const volatile T* a, int order) {               \
    return callLoad<T>(const_cast<volatile T*>(a), orderOf(order), HINDSIGHT_RETURN_PC);        \
  }                                                                                             \
  HINDSIGHT_EXPORT void __tsan_atomic##bits##_store(volatile T* a, T v, int order) {            \
    callStore<T>(a, v, orderOf(order), HINDSIGHT_RETURN_PC);                                    \
  }                                                                                             \
  HINDSIGHT_EXPORT T __tsan_atomic##bits##_exchange(volatile T* a, T v, int order) {            \
    return callUpdate<T>(a, v, Update::Exchange, orderOf(order), HINDSIGHT_RETURN_PC);          \
  }                                                                                             \
  HINDSIGHT_EXPORT int __tsan_atomic##bits##_compare_exchange_strong(                           \
      volatile T* a, T* expected, T v, int order, int failure_order) {                          \
    return exchangeIfEqual<T>(a, expected, v, order, failure_order, HINDSIGHT_RETURN_PC);       \
  }                                                                                             \
  HINDSIGHT_EXPORT int __tsan_atomic##bits##_compare_exchange_weak(                             \
      volatile T* a, T* expected, T v, int order, int failure_order) {                          \
    return exchangeIfEqual<T>(a, expected, v, order, failure_order, HINDSIGHT_RETURN_PC);       \
  }                                                                                             \
  HINDSIGHT_EXPORT T __tsan_atomic##bits##_compare_exchange_val(volatile T* a, T expected, T v, \
                                                                int order, int failure_order) { \
    return callCompareExchange<T>(a, expected, v, orderOf(order), orderOf(failure_order),       \
                                  HINDSIGHT_RETURN_PC);                                         \
  }                                                                                             \
  HINDSIGHT_TSAN_UPDATE(bits, T, add, Add)                                                      \
  HINDSIGHT_TSAN_UPDATE(bits, T, sub, Sub)                                                      \
  HINDSIGHT_TSAN_UPDATE(bits, T, and, And)                                                      \
  HINDSIGHT_TSAN_UPDATE(bits, T, or, Or)                                                        \
  HINDSIGHT_TSAN_UPDATE(bits, T, xor, Xor)                                                      \
  HINDSIGHT_TSAN_UPDATE(bits, T, nand, Nand)

HINDSIGHT_TSAN_ATOMICS(8, u8)
HINDSIGHT_TSAN_ATOMICS(16, u16)
HINDSIGHT_TSAN_ATOMICS(32, u32)
HINDSIGHT_TSAN_ATOMICS(64, u64)
HINDSIGHT_TSAN_ATOMICS(128, u128)

HINDSIGHT_EXPORT void __tsan_atomic_thread_fence(int order) {
  __hindsight_atomic_fence(orderOf(order));
}
/// Orders nothing across threads; that the compiler moves nothing over the call is all it is for.
HINDSIGHT_EXPORT void __tsan_atomic_signal_fence(int) {}

}  // namespace hindsight
