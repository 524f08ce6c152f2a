// atomic_steps.h - an atomic operation with its clocks and its access check, as one step.
//
// All three happen under the line's lock, so the value read and the clock joined belong to the
// same store (SEMANTICS.md, "Atomics"; ISO C++20 [atomics.order], [intro.races]). Rules:
//   load relaxed: Facq |= S       acquire: C |= S
//   store relaxed: S := Frel      release: S := C
//   RMW: reads as loads; writes   relaxed: S |= Frel   release: S |= C
//   plain write to the object (core/line.cpp, recordAccess): S := nothing
// A thread ticks after every release. The joins of the read part come before the access check: the
// store that is read synchronises with the operation itself, so what happened before that store
// happened before the operation ([intro.races]), a plain initialisation of the object among it.
//
// Thread safety: any thread. `pc` is the return address of the operation as reports show it.
#pragma once

#include "core/line.h"
#include "entry/access.h"
#include "entry/repeated_load.h"
#include "report/race_found.h"
#include "threads/runtime_scope.h"

namespace hindsight {

// C ABI values of std::memory_order.
enum Order : int { kRelaxed, kConsume, kAcquire, kRelease, kAcqRel, kSeqCst };

constexpr bool acquires(int order) { return order != kRelaxed && order != kRelease; }
constexpr bool releases(int order) { return order >= kRelease; }

inline void observe(Thread& thread, const SyncObject* object, int order) {
  if (object == nullptr || object->clock.empty()) return;
  if (acquires(order)) {
    joinInto(thread.clock, object->clock);
    return;
  }
  if (thread.clock.knows(object->clock)) return;
  if (thread.acquire_fence.epochs == nullptr) initThreadClock(thread.acquire_fence, kNoSlot, 0);
  joinInto(thread.acquire_fence, object->clock);
}

/// What a store leaves in S. Returns whether the thread released.
inline bool leaveByStore(Thread& thread, LineLock& lock, uptr address, int order) {
  if (releases(order)) {
    assign(needAtomicObject(lock.needRecord(), address).clock, thread.clock);
    return true;
  }
  if (!thread.release_fence.empty())
    assign(needAtomicObject(lock.needRecord(), address).clock, thread.release_fence);
  else if (SyncObject* object = findSyncObject(lock.record(), address))
    dispose(object->clock);
  return false;
}

inline bool leaveByUpdate(Thread& thread, LineLock& lock, uptr address, int order) {
  if (releases(order)) {
    merge(needAtomicObject(lock.needRecord(), address).clock, thread.clock);
    return true;
  }
  if (!thread.release_fence.empty())
    merge(needAtomicObject(lock.needRecord(), address).clock, thread.release_fence);
  return false;
}

/// The value, and what loads of it acquire, may have changed.
inline void noteStore(LineLock& lock) {
  if (LineRecord* record = lock.record()) bumpVersion(*record);
}

/// Runs `reading(thread, lock)`, the access check and `writing(thread, lock)` as one step. `writing`
/// returns whether it released.
template <class Reading, class Writing>
HINDSIGHT_ALWAYS_INLINE void atomicStep(uptr address, size_t bytes, bool writes, uptr pc,
                                        Reading reading, Writing writing) {
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  enterRuntime(tls);
  const AccessSite site{pc, tls.stack};
  const bool checked = isApplication(address, bytes) && thread->ignore_reads_writes == 0;
  RacedEntries raced;
  bool found = false, released;
  {
    LineLock lock(address);
    reading(*thread, lock);
    if (checked) found = checkAtomic(*thread, lock, address, bytes, writes, raced, &site);
    released = writing(*thread, lock);
    if (writes) noteStore(lock);
    if (HINDSIGHT_UNLIKELY(!checked)) lock.trim();  // what is checked leaves an entry
  }
  if (HINDSIGHT_UNLIKELY(found))
    racesFound(*thread,
               {address, bytes, writes ? Kind::AtomicWrite : Kind::AtomicRead, false, pc, tls.stack},
               roundDown(address, kLineSize), raced);
  if (released) tick(*thread);
  leaveRuntime(tls);
}

HINDSIGHT_ALWAYS_INLINE bool bypass(uptr address, size_t bytes) {
  const TlsBlock& tls = __hindsight_tls;
  return tls.thread == nullptr || tls.in_runtime != 0 || tls.thread->ignore_sync != 0 ||
         !hasLineWord(address) || address % kLineSize + bytes > kLineSize;
}

// 16-byte operations must not go through libatomic, which locks or is intercepted itself.
#if defined(__x86_64__)
using u128 = unsigned __int128;
inline bool compareExchange16(volatile u128* address, u128* expected, u128 desired) {
  bool done;
  u64 low = static_cast<u64>(*expected), high = static_cast<u64>(*expected >> 64);
  asm volatile("lock cmpxchg16b %0"
               : "+m"(*address), "=@ccz"(done), "+a"(low), "+d"(high)
               : "b"(static_cast<u64>(desired)), "c"(static_cast<u64>(desired >> 64))
               : "memory");
  *expected = static_cast<u128>(high) << 64 | low;
  return done;
}
#else
using u128 = unsigned __int128;
inline bool compareExchange16(volatile u128* address, u128* expected, u128 desired) {
  u64 low, high, differs;
  const u64 want_low = static_cast<u64>(desired), want_high = static_cast<u64>(desired >> 64);
  const u64 old_low = static_cast<u64>(*expected), old_high = static_cast<u64>(*expected >> 64);
  u64 new_low, new_high;
  // Stored in any case: only that shows that both halves were read at once. In one piece, as nothing may
  // touch memory between the two exclusive instructions.
  asm volatile(
      "1: ldaxp %[low], %[high], [%[address]]\n\t"
      "eor %[new_low], %[low], %[old_low]\n\t"
      "eor %[new_high], %[high], %[old_high]\n\t"
      "orr %[differs], %[new_low], %[new_high]\n\t"
      "cmp %[differs], #0\n\t"
      "csel %[new_low], %[want_low], %[low], eq\n\t"
      "csel %[new_high], %[want_high], %[high], eq\n\t"
      "stlxp w17, %[new_low], %[new_high], [%[address]]\n\t"
      "cbnz w17, 1b"
      : [low] "=&r"(low), [high] "=&r"(high), [differs] "=&r"(differs), [new_low] "=&r"(new_low),
        [new_high] "=&r"(new_high)
      : [address] "r"(address), [old_low] "r"(old_low), [old_high] "r"(old_high),
        [want_low] "r"(want_low), [want_high] "r"(want_high)
      : "x17", "cc", "memory");
  *expected = static_cast<u128>(high) << 64 | low;
  return differs == 0;
}
#endif

// One set of primitive operations per width; the compiler's builtins for up to 8 bytes.
template <class T>
struct Primitive {
  static T load(volatile T* a) { return __atomic_load_n(a, __ATOMIC_SEQ_CST); }
  static void store(volatile T* a, T v, int order) {
    // A seq_cst store costs a fence; the order the program asked for is enough for the program.
    if (order == kSeqCst)
      __atomic_store_n(a, v, __ATOMIC_SEQ_CST);
    else
      __atomic_store_n(a, v, __ATOMIC_RELEASE);
  }
  static T exchange(volatile T* a, T v) { return __atomic_exchange_n(a, v, __ATOMIC_SEQ_CST); }
  static bool compareExchange(volatile T* a, T* expected, T v) {
    return __atomic_compare_exchange_n(a, expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  }
};

template <>
struct Primitive<u128> {
  static u128 load(volatile u128* a) {
    u128 value = 0;
    compareExchange16(a, &value, 0);
    return value;
  }
  static u128 exchange(volatile u128* a, u128 v) {
    u128 expected = *a;
    while (!compareExchange16(a, &expected, v)) {
    }
    return expected;
  }
  static void store(volatile u128* a, u128 v, int) { exchange(a, v); }
  static bool compareExchange(volatile u128* a, u128* expected, u128 v) {
    return compareExchange16(a, expected, v);
  }
};

enum class Update { Add, Sub, And, Or, Xor, Nand, Max, Min, UMax, UMin };

template <class T>
T updated(T old, T value, Update how) {
  using S = __make_signed(T);
  switch (how) {
    case Update::Add: return static_cast<T>(old + value);
    case Update::Sub: return static_cast<T>(old - value);
    case Update::And: return old & value;
    case Update::Or: return old | value;
    case Update::Xor: return old ^ value;
    case Update::Nand: return static_cast<T>(~(old & value));
    case Update::Max: return static_cast<S>(old) > static_cast<S>(value) ? old : value;
    case Update::Min: return static_cast<S>(old) < static_cast<S>(value) ? old : value;
    case Update::UMax: return old > value ? old : value;
    case Update::UMin: return old < value ? old : value;
  }
  return old;
}

template <class T>
T rawUpdate(volatile T* a, T value, Update how) {
  T old = Primitive<T>::load(a);
  while (!Primitive<T>::compareExchange(a, &old, updated(old, value, how))) {
  }
  return old;
}

template <class T>
T atomicLoad(volatile T* a, int order, uptr pc) {
  const uptr address = reinterpret_cast<uptr>(a);
  if (bypass(address, sizeof(T))) return Primitive<T>::load(a);
  T value;
  if constexpr (sizeof(T) <= sizeof(u64))
    if (loadRepeatedly(*__hindsight_tls.thread, a, value)) return value;
  atomicStep(
      address, sizeof(T), false, pc,
      [&](Thread& thread, LineLock& lock) {
        value = Primitive<T>::load(a);
        observe(thread, findSyncObject(lock.record(), address), order);
      },
      [](Thread&, LineLock&) { return false; });
  return value;
}

template <class T>
void atomicStore(volatile T* a, T value, int order, uptr pc) {
  const uptr address = reinterpret_cast<uptr>(a);
  if (bypass(address, sizeof(T))) return Primitive<T>::store(a, value, kSeqCst);
  atomicStep(
      address, sizeof(T), true, pc, [](Thread&, LineLock&) {},
      [&](Thread& thread, LineLock& lock) {
        const bool released = leaveByStore(thread, lock, address, order);
        Primitive<T>::store(a, value, order);
        return released;
      });
}

template <class T, class Change>
T atomicUpdate(volatile T* a, int order, uptr pc, Change change) {
  const uptr address = reinterpret_cast<uptr>(a);
  if (bypass(address, sizeof(T))) return change();
  T old;
  atomicStep(
      address, sizeof(T), true, pc,
      [&](Thread& thread, LineLock& lock) {
        observe(thread, findSyncObject(lock.record(), address), order);
      },
      [&](Thread& thread, LineLock& lock) {
        const bool released = leaveByUpdate(thread, lock, address, order);
        old = change();
        return released;
      });
  return old;
}

/// Returns the old value; it succeeded iff that equals `expected`.
template <class T>
T atomicCompareExchange(volatile T* a, T expected, T desired, int order, int failure_order,
                        uptr pc) {
  const uptr address = reinterpret_cast<uptr>(a);
  T seen = expected;
  if (bypass(address, sizeof(T))) {
    Primitive<T>::compareExchange(a, &seen, desired);
    return seen;
  }
  // Every instrumented change of the value takes this line's lock, but foreign code may change it
  // at any time: the outcome is known only afterwards, so a failed exchange is checked as a write
  // where it would have been one. It conflicts with plain accesses only, as the load does with
  // plain writes; to be exact the rule is applied for what really happened.
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  enterRuntime(tls);
  RacedEntries raced;
  bool found = false, released = false, done;
  const AccessSite site{pc, tls.stack};
  const bool checked = isApplication(address, sizeof(T)) && thread->ignore_reads_writes == 0;
  {
    LineLock lock(address);
    done = Primitive<T>::compareExchange(a, &seen, desired);
    observe(*thread, findSyncObject(lock.record(), address), done ? order : failure_order);
    if (checked)
      found = checkAtomic(*thread, lock, address, sizeof(T), done, raced, &site);
    if (done) released = leaveByUpdate(*thread, lock, address, order);
    if (done) noteStore(lock);
    if (HINDSIGHT_UNLIKELY(!checked)) lock.trim();
  }
  if (HINDSIGHT_UNLIKELY(found))
    racesFound(*thread,
               {address, sizeof(T), done ? Kind::AtomicWrite : Kind::AtomicRead, false, pc,
                tls.stack},
               roundDown(address, kLineSize), raced);
  if (released) tick(*thread);
  leaveRuntime(tls);
  return seen;
}

}  // namespace hindsight
