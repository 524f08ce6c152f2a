// Atomic operations of instrumented code: __hindsight_atomic{bits}_{operation} and the fence.
//
// The rules are in entry/atomic_steps.h; calls of libatomic end there, too (entry/libatomic.cpp).
#include "entry/atomic_calls.h"
#include "entry/atomic_steps.h"

#define HINDSIGHT_RETURN_PC reinterpret_cast<uptr>(__builtin_return_address(0))

namespace hindsight {

#define HINDSIGHT_COMMON_UPDATE(bits, T, name, how)                                     \
  HINDSIGHT_EXPORT T __hindsight_atomic##bits##_##name(volatile T* a, T v, int order) { \
    return atomicUpdate<T>(a, v, Update::how, order, HINDSIGHT_RETURN_PC);              \
  }
#define HINDSIGHT_RARE_UPDATE(bits, T, name, how)                                             \
  HINDSIGHT_EXPORT T __hindsight_atomic##bits##_fetch_##name(volatile T* a, T v, int order) { \
    return callUpdate<T>(a, v, Update::how, order, HINDSIGHT_RETURN_PC);                      \
  }
#define HINDSIGHT_ATOMICS(bits, T)                                                        \
  HINDSIGHT_EXPORT T __hindsight_atomic##bits##_load(volatile T* a, int order) {          \
    return atomicLoad<T>(a, order, HINDSIGHT_RETURN_PC);                                  \
  }                                                                                       \
  HINDSIGHT_EXPORT void __hindsight_atomic##bits##_store(volatile T* a, T v, int order) { \
    atomicStore<T>(a, v, order, HINDSIGHT_RETURN_PC);                                     \
  }                                                                                       \
  HINDSIGHT_EXPORT T __hindsight_atomic##bits##_compare_exchange(                         \
      volatile T* a, T expected, T desired, int order, int failure_order) {               \
    return atomicCompareExchange<T>(a, expected, desired, order, failure_order,           \
                                    HINDSIGHT_RETURN_PC);                                 \
  }                                                                                       \
  HINDSIGHT_COMMON_UPDATE(bits, T, exchange, Exchange)                                    \
  HINDSIGHT_COMMON_UPDATE(bits, T, fetch_add, Add)                                        \
  HINDSIGHT_COMMON_UPDATE(bits, T, fetch_sub, Sub)                                        \
  HINDSIGHT_RARE_UPDATE(bits, T, and, And)                                                \
  HINDSIGHT_RARE_UPDATE(bits, T, or, Or)                                                  \
  HINDSIGHT_RARE_UPDATE(bits, T, xor, Xor)                                                \
  HINDSIGHT_RARE_UPDATE(bits, T, nand, Nand)                                              \
  HINDSIGHT_RARE_UPDATE(bits, T, max, Max)                                                \
  HINDSIGHT_RARE_UPDATE(bits, T, min, Min)                                                \
  HINDSIGHT_RARE_UPDATE(bits, T, umax, UMax)                                              \
  HINDSIGHT_RARE_UPDATE(bits, T, umin, UMin)

HINDSIGHT_ATOMICS(8, u8)
HINDSIGHT_ATOMICS(16, u16)
HINDSIGHT_ATOMICS(32, u32)
HINDSIGHT_ATOMICS(64, u64)
HINDSIGHT_ATOMICS(128, u128)

HINDSIGHT_EXPORT void __hindsight_atomic_fence(int order) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  if (thread == nullptr || tls.in_runtime != 0 || thread->ignore_sync != 0) return;
  enterRuntime(tls);
  if (acquires(order) && thread->acquire_fence.size != 0) {
    joinInto(thread->clock, thread->acquire_fence);
    clearThreadClock(thread->acquire_fence);
  }
  if (releases(order)) {
    assign(thread->release_fence, thread->clock);
    tick(*thread);
  }
  leaveRuntime(tls);
}

}  // namespace hindsight
