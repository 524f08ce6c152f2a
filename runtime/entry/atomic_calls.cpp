#include "entry/atomic_calls.h"

#include "entry/atomic_steps.h"

namespace hindsight {

template <class T>
T callLoad(volatile T* a, int order, uptr pc) {
  return atomicLoad(a, order, pc);
}
template <class T>
void callStore(volatile T* a, T value, int order, uptr pc) {
  atomicStore(a, value, order, pc);
}
template <class T>
T callUpdate(volatile T* a, T value, Update how, int order, uptr pc) {
  return atomicUpdate(a, value, how, order, pc);
}
template <class T>
T callCompareExchange(volatile T* a, T expected, T desired, int order, int failure_order, uptr pc) {
  return atomicCompareExchange(a, expected, desired, order, failure_order, pc);
}

#define HINDSIGHT_CALLS(T)                                     \
  template T callLoad<T>(volatile T*, int, uptr);              \
  template void callStore<T>(volatile T*, T, int, uptr);       \
  template T callUpdate<T>(volatile T*, T, Update, int, uptr); \
  template T callCompareExchange<T>(volatile T*, T, T, int, int, uptr);

HINDSIGHT_CALLS(u8)
HINDSIGHT_CALLS(u16)
HINDSIGHT_CALLS(u32)
HINDSIGHT_CALLS(u64)
HINDSIGHT_CALLS(u128)

}  // namespace hindsight
