// primitive.h - the calls that begin and end a mutex, a condition variable, a semaphore, ... as
// accesses to it.
//
// To initialise or destroy a primitive writes all of it. Whatever else is done with one must happen
// before it is destroyed (or initialised again), and after it was initialised:
//
//   condition, semaphore, barrier   each use reads the first word, so that the race rule finds it
//   mutex, read-write, spin lock    locking is too frequent for that; but the lock's clock holds
//                                   every unlock, and the call that ends the lock must know it
//                                   (sync/lock_misuse.h)
//
// POSIX lets whoever was let through by a primitive destroy it at once: a use is recorded before
// the release that lets others through, so it is in their past.
//
// Only calls by code whose own synchronisation is seen count: a library that is not instrumented
// may pass its primitives on by atomics of its own.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "base/flags.h"
#include "intercept/lock_calls.h"
#include "sync/lock_misuse.h"

namespace hindsight {

inline bool countsForPrimitives(const InterceptedCall& call) {
  return flags().report_primitive_races && !isInForeignLibrary(call.pc());
}

template <class Primitive>
void primitiveInitialised(InterceptedCall& call, Primitive* primitive) {
  if (countsForPrimitives(call)) call.writes(primitive, sizeof *primitive);
}

template <class Primitive>
void primitiveDestroyed(InterceptedCall& call, Primitive* primitive) {
  if (countsForPrimitives(call)) call.writes(primitive, sizeof *primitive);
}

template <class Primitive>
void primitiveUsed(InterceptedCall& call, const Primitive* primitive) {
  static_assert(sizeof(Primitive) >= kWordSize && alignof(Primitive) >= kWordSize);
  if (countsForPrimitives(call)) call.reads(primitive, kWordSize);
}

/// A lock begins: `call` has initialised it.
template <class Lock>
void lockInitialised(InterceptedCall& call, Lock* lock, LockType type) {
  if (countsForPrimitives(call)) {
    if (!call.isIgnored()) checkInitOrder(call.thread(), syncKey(lock), type, call.pc());
    call.writes(const_cast<const void*>(static_cast<const volatile void*>(lock)), sizeof *lock);
  }
  lockCreated(call.thread(), syncKey(lock), call.pc());
}

/// A lock has been destroyed, or is about to be.
template <class Lock>
void lockGone(InterceptedCall& call, Lock* lock, LockType type) {
  if (countsForPrimitives(call)) {
    if (!call.isIgnored()) checkDestroyOrder(call.thread(), syncKey(lock), type, call.pc());
    call.writes(const_cast<const void*>(static_cast<const volatile void*>(lock)), sizeof *lock);
  }
  lockDestroyed(call.thread(), syncKey(lock), call.pc());
}

}  // namespace hindsight
