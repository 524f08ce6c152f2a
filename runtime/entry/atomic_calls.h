// atomic_calls.h - the operations of entry/atomic_steps.h as functions, one copy for all that call
// them.
//
// What instrumented code does often is inlined in entry/atomics.cpp; all else takes these calls:
// inlined everywhere, the operations were a third of the runtime's code.
//
// For T = u8, u16, u32, u64 and u128.
#pragma once

#include "base/types.h"

namespace hindsight {

enum class Update;

template <class T>
T callLoad(volatile T* a, int order, uptr pc);
template <class T>
void callStore(volatile T* a, T value, int order, uptr pc);
/// Returns the old value.
template <class T>
T callUpdate(volatile T* a, T value, Update how, int order, uptr pc);
/// Returns the old value; it succeeded iff that equals `expected`.
template <class T>
T callCompareExchange(volatile T* a, T expected, T desired, int order, int failure_order, uptr pc);

}  // namespace hindsight
