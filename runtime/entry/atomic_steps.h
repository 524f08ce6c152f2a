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
#include "core/tiny_memory.h"
#include "entry/access.h"
#include "entry/quick_atomic.h"
#include "entry/repeated_load.h"
#include "report/race_found.h"
#include "threads/runtime_scope.h"

namespace hindsight {

// C ABI values of std::memory_order.
enum Order : int { kRelaxed, kConsume, kAcquire, kRelease, kAcqRel, kSeqCst };

constexpr bool acquires(int order) { return order != kRelaxed && order != kRelease; }
constexpr bool releases(int order) { return order >= kRelease; }

inline void observe(Thread& thread, const SyncObject* object, int order) {
  if (object == nullptr || HINDSIGHT_LIKELY(thread.clock.knows(object->clock)) ||
      object->clock.empty())
    return;
  if (acquires(order)) {
    joinInto(thread.clock, object->clock);
    return;
  }
  if (thread.acquire_fence.epochs == nullptr) initThreadClock(thread.acquire_fence, kNoSlot, 0);
  joinInto(thread.acquire_fence, object->clock);
}

/// `found`, made if there is none.
HINDSIGHT_ALWAYS_INLINE SyncObject& needAtomicObject(LineLock& lock, uptr address,
                                                     SyncObject* found) {
  LineRecord& record = lock.needRecord();
  if (HINDSIGHT_UNLIKELY(found == nullptr)) return needAtomicObject(record, address);
  noteStored(record, address);
  return *found;
}

HINDSIGHT_ALWAYS_INLINE bool leaveByUpdate(Thread& thread, LineLock& lock, uptr address, int order,
                                           SyncObject* object) {
  if (releases(order)) {
    SyncClock& clock = needAtomicObject(lock, address, object).clock;
    if (HINDSIGHT_LIKELY(thread.clock.knows(clock)))
      assignShortly(clock, thread.clock);
    else
      merge(clock, thread.clock);
  } else if (HINDSIGHT_UNLIKELY(!thread.release_fence.empty())) {
    merge(needAtomicObject(lock, address, object).clock, thread.release_fence);
  }
  return releases(order);
}

/// What a store leaves in S, the clock of `object` (null: there is none). Returns whether the
/// thread released.
HINDSIGHT_ALWAYS_INLINE bool leaveByStore(Thread& thread, LineLock& lock, uptr address, int order,
                                          SyncObject* object) {
  if (HINDSIGHT_UNLIKELY(object != nullptr && object->only_grows))
    return leaveByUpdate(thread, lock, address, order, object);
  if (releases(order))
    assignShortly(needAtomicObject(lock, address, object).clock, thread.clock);
  else if (HINDSIGHT_UNLIKELY(!thread.release_fence.empty()))
    assign(needAtomicObject(lock, address, object).clock, thread.release_fence);
  else if (object != nullptr)
    dispose(object->clock);
  return releases(order);
}

/// The value, and what loads of it acquire, may have changed.
inline void noteStore(LineLock& lock) {
  if (LineRecord* record = lock.record()) bumpVersion(*record);
}

/// Whether the thread's atomic operations on `address`, which has a line word, are checked. A line
/// with cells has cells for all of it.
HINDSIGHT_ALWAYS_INLINE bool isChecked(const Thread& thread, uptr address) {
  return HINDSIGHT_LIKELY(thread.ignore_reads_writes == 0) &&
         HINDSIGHT_LIKELY(isApplication(address));
}

/// A line whose lock the caller holds, as its word is without the bit; or none.
using HeldLine = const u32*;

/// Runs `reading(thread, object)`, the access check and `writing(thread, lock, object)` as one
/// step; `object` is what the line knows of the address, or null. `writing` returns whether it
/// released. With a held line the caller is inside the runtime already, and may have done the
/// reading before.
template <class Reading, class Writing>
HINDSIGHT_ALWAYS_INLINE void atomicStep(uptr address, size_t bytes, bool writes, uptr pc,
                                        HeldLine held, Reading reading, Writing writing) {
  TlsBlock& tls = __hindsight_tls;
  Thread& thread = *tls.thread;
  if (held == nullptr) enterRuntime(tls);
  const AccessSite site{pc, tls.stack};
  const bool checked = isChecked(thread, address);
  RacedEntries raced;
  bool found = false, released;
  {
    LineLock lock = held != nullptr ? LineLock(address, *held) : LineLock(address);
    SyncObject* const object = findSyncObject(lock.record(), address);
    reading(thread, object);
    if (checked) found = checkAtomic(thread, lock, address, bytes, writes, raced, &site);
    released = writing(thread, lock, object);
    if (writes) noteStore(lock);
    if (HINDSIGHT_UNLIKELY(!checked)) lock.trim();  // what is checked leaves an entry
  }
  if (HINDSIGHT_UNLIKELY(found))
    racesFound(
        thread,
        {address, bytes, writes ? Kind::AtomicWrite : Kind::AtomicRead, false, pc, tls.stack},
        roundDown(address, kLineSize), raced);
  if (released) tick(thread);
  if (held == nullptr) leaveRuntime(tls);
}

/// Whether no operation is checked on objects of `bytes` bytes that lie so in their line.
HINDSIGHT_ALWAYS_INLINE bool isExempt(uptr address, size_t bytes) {
  const TlsBlock& tls = __hindsight_tls;
  return tls.thread == nullptr || tls.in_runtime != 0 || tls.thread->ignore_sync != 0 ||
         address % kLineSize + bytes > kLineSize;
}
/// Whether the operation is not checked. If it is, `address` may become its stand-in.
HINDSIGHT_ALWAYS_INLINE bool bypass(uptr& address, size_t bytes) {
  return isExempt(address, bytes) || !hasLineWordBy(address);
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
  // Stored in any case: only that shows that both halves were read at once. In one piece, as
  // nothing may touch memory between the two exclusive instructions.
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
  static void store(volatile u128* a, u128 v, int) {
    u128 expected = *a;
    while (!compareExchange16(a, &expected, v)) {
    }
  }
  static bool compareExchange(volatile u128* a, u128* expected, u128 v) {
    return compareExchange16(a, expected, v);
  }
};

enum class Update { Exchange, Add, Sub, And, Or, Xor, Nand, Max, Min, UMax, UMin };

template <class T>
T updated(T old, T value, Update how) {
  using S = __make_signed(T);
  switch (how) {
    case Update::Exchange: return value;
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
HINDSIGHT_ALWAYS_INLINE T rawUpdate(volatile T* a, T value, Update how) {
  if constexpr (sizeof(T) <= sizeof(u64)) {
    // One transfer of the cache line, where to look first would take two.
    if (how == Update::Exchange) return __atomic_exchange_n(a, value, __ATOMIC_SEQ_CST);
    if (how == Update::Add) return __atomic_fetch_add(a, value, __ATOMIC_SEQ_CST);
    if (how == Update::Sub) return __atomic_fetch_sub(a, value, __ATOMIC_SEQ_CST);
  }
  T old = Primitive<T>::load(a);
  while (!Primitive<T>::compareExchange(a, &old, updated(old, value, how))) {
  }
  return old;
}

// Each operation has a general road, which may go on with a line that the short one has locked, and
// a short one.

template <class T>
HINDSIGHT_NOINLINE T loadSlowly(volatile T* a, int order, uptr pc, HeldLine held = nullptr) {
  uptr address = reinterpret_cast<uptr>(a);
  if (held == nullptr && bypass(address, sizeof(T))) return Primitive<T>::load(a);
  T value;
  atomicStep(
      address, sizeof(T), false, pc, held,
      [&](Thread& thread, const SyncObject* object) {
        value = Primitive<T>::load(a);
        observe(thread, object, order);
      },
      [](Thread&, LineLock&, SyncObject*) { return false; });
  return value;
}

template <class T>
HINDSIGHT_NOINLINE void storeSlowly(volatile T* a, T value, int order, uptr pc,
                                    HeldLine held = nullptr) {
  uptr address = reinterpret_cast<uptr>(a);
  if (held == nullptr && bypass(address, sizeof(T))) return Primitive<T>::store(a, value, kSeqCst);
  atomicStep(
      address, sizeof(T), true, pc, held, [](Thread&, const SyncObject*) {},
      [&](Thread& thread, LineLock& lock, SyncObject* object) {
        const bool released = leaveByStore(thread, lock, address, order, object);
        Primitive<T>::store(a, value, order);
        return released;
      });
}

template <class T>
HINDSIGHT_NOINLINE T updateSlowly(volatile T* a, T value, Update how, int order, uptr pc,
                                  HeldLine held = nullptr) {
  uptr address = reinterpret_cast<uptr>(a);
  if (held == nullptr && bypass(address, sizeof(T))) return rawUpdate(a, value, how);
  T old;
  atomicStep(
      address, sizeof(T), true, pc, held,
      [&](Thread& thread, const SyncObject* object) { observe(thread, object, order); },
      [&](Thread& thread, LineLock& lock, SyncObject* object) {
        const bool released = leaveByUpdate(thread, lock, address, order, object);
        old = rawUpdate(a, value, how);
        return released;
      });
  return old;
}

/// Begins the short road of an operation on `a`, inside the runtime and with the line in `step`
/// locked. False: nothing of that.
template <class T>
HINDSIGHT_ALWAYS_INLINE bool beginQuickly(TlsBlock& tls, QuickAtomic<sizeof(T)>& step,
                                          volatile T* a) {
  const uptr address = reinterpret_cast<uptr>(a);
  const Thread* const thread = tls.thread;
  if (sizeof(T) > sizeof(u64) || HINDSIGHT_UNLIKELY(thread == nullptr) ||
      HINDSIGHT_UNLIKELY(tls.in_runtime != 0) ||
      HINDSIGHT_UNLIKELY((thread->ignore_sync | thread->ignore_reads_writes) != 0) ||
      HINDSIGHT_UNLIKELY(address % sizeof(T) != 0) || HINDSIGHT_UNLIKELY(!isApplication(address)))
    return false;
  tls.in_runtime = 1;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);  // pairs with: the membarrier in stopWorld
  if (HINDSIGHT_LIKELY(!isWorldStopped()) && HINDSIGHT_LIKELY(step.lock(address))) return true;
  leaveRuntime(tls);
  return false;
}

/// The part of the short road of a load that comes behind the reading. False: the line is still
/// locked.
template <u32 kBytes>
HINDSIGHT_ALWAYS_INLINE bool loadedQuickly(Thread& thread, const uptr* top,
                                           QuickAtomic<kBytes>& step, uptr address, uptr pc) {
  if (HINDSIGHT_UNLIKELY(!step.judge(thread, address, Kind::AtomicRead)) ||
      HINDSIGHT_UNLIKELY(!step.note(thread, top, address, Kind::AtomicRead, pc)))
    return false;
  step.unlock();
  return true;
}

/// A load that may have to be recorded.
template <class T>
HINDSIGHT_NOINLINE T loadAnew(volatile T* a, int order, uptr pc) {
  const uptr address = reinterpret_cast<uptr>(a);
  TlsBlock& tls = __hindsight_tls;
  QuickAtomic<sizeof(T)> step;
  if (HINDSIGHT_UNLIKELY(!beginQuickly(tls, step, a))) return loadSlowly(a, order, pc);
  Thread& thread = *tls.thread;
  T value = Primitive<T>::load(a);
  observe(thread, findSyncObject(step.record(), address), order);
  if (HINDSIGHT_UNLIKELY(!loadedQuickly(thread, tls.stack, step, address, pc))) {
    const u32 held = step.lineValue();
    value = loadSlowly(a, order, pc, &held);
  }
  leaveRuntime(tls);
  return value;
}

template <class T>
HINDSIGHT_ALWAYS_INLINE T atomicLoad(volatile T* a, int order, uptr pc) {
  if constexpr (sizeof(T) <= sizeof(u64)) {
    const uptr address = reinterpret_cast<uptr>(a);
    T value;
    if (Thread* const thread = __hindsight_tls.thread;
        HINDSIGHT_LIKELY(thread != nullptr) && thread->recent_loads.add(address, thread->stamp) &&
        HINDSIGHT_LIKELY(isApplication(address)) && !isExempt(address, sizeof(T)) &&
        loadRepeatedly(*thread, a, value))
      return value;
  }
  return loadAnew(a, order, pc);
}

template <class T>
HINDSIGHT_ALWAYS_INLINE void atomicStore(volatile T* a, T value, int order, uptr pc) {
  const uptr address = reinterpret_cast<uptr>(a);
  TlsBlock& tls = __hindsight_tls;
  QuickAtomic<sizeof(T)> step;
  if (HINDSIGHT_UNLIKELY(!beginQuickly(tls, step, a))) return storeSlowly(a, value, order, pc);
  Thread& thread = *tls.thread;
  SyncObject* const object = findSyncObject(step.record(), address);
  const bool released = releases(order);
  if (HINDSIGHT_LIKELY(released ? object != nullptr : thread.release_fence.empty()) &&
      HINDSIGHT_LIKELY(object == nullptr || !object->only_grows) &&
      HINDSIGHT_LIKELY(step.judge(thread, address, Kind::AtomicWrite)) &&
      HINDSIGHT_LIKELY(step.note(thread, tls.stack, address, Kind::AtomicWrite, pc))) {
    if (released) {
      noteStored(*step.record(), address);
      assignShortly(object->clock, thread.clock);
    } else if (object != nullptr && !object->clock.empty()) {
      dispose(object->clock);
    }
    Primitive<T>::store(a, value, order);
    bumpVersion(*step.record());
    step.unlock();
    if (released) tick(thread);
  } else {
    const u32 held = step.lineValue();
    storeSlowly(a, value, order, pc, &held);
  }
  leaveRuntime(tls);
}

/// The same of an update.
template <u32 kBytes, class Change>
HINDSIGHT_ALWAYS_INLINE bool changeQuickly(Thread& thread, const uptr* top,
                                           QuickAtomic<kBytes>& step, SyncObject* object,
                                           uptr address, int order, uptr pc, Change change) {
  const bool released = releases(order);
  if (HINDSIGHT_UNLIKELY(released ? object == nullptr : !thread.release_fence.empty()) ||
      HINDSIGHT_UNLIKELY(!step.judge(thread, address, Kind::AtomicWrite)) ||
      HINDSIGHT_UNLIKELY(!step.note(thread, top, address, Kind::AtomicWrite, pc)))
    return false;
  if (released) {
    noteStored(*step.record(), address);
    if (HINDSIGHT_LIKELY(thread.clock.knows(object->clock)))
      assignShortly(object->clock, thread.clock);
    else
      merge(object->clock, thread.clock);
  }
  change();
  bumpVersion(*step.record());
  step.unlock();
  if (released) tick(thread);
  return true;
}

/// Returns the old value.
template <class T>
HINDSIGHT_ALWAYS_INLINE T atomicUpdate(volatile T* a, T value, Update how, int order, uptr pc) {
  const uptr address = reinterpret_cast<uptr>(a);
  TlsBlock& tls = __hindsight_tls;
  QuickAtomic<sizeof(T)> step;
  if (HINDSIGHT_UNLIKELY(!beginQuickly(tls, step, a)))
    return updateSlowly(a, value, how, order, pc);
  Thread& thread = *tls.thread;
  SyncObject* const object = findSyncObject(step.record(), address);
  observe(thread, object, order);
  T old;
  if (HINDSIGHT_UNLIKELY(!changeQuickly(thread, tls.stack, step, object, address, order, pc,
                                        [&] { old = rawUpdate(a, value, how); }))) {
    const u32 held = step.lineValue();
    old = updateSlowly(a, value, how, order, pc, &held);
  }
  leaveRuntime(tls);
  return old;
}

/// The general road of a compare-exchange, which with a held line has had its outcome: whether it
/// was `done`, and the value `seen`.
template <class T>
HINDSIGHT_NOINLINE T compareExchangeSlowly(volatile T* a, T seen, T desired, bool done, int order,
                                           int failure_order, uptr pc, HeldLine held = nullptr) {
  uptr address = reinterpret_cast<uptr>(a);
  if (held == nullptr && bypass(address, sizeof(T))) {
    Primitive<T>::compareExchange(a, &seen, desired);
    return seen;
  }
  // Every instrumented change of the value takes this line's lock, but foreign code may change it
  // at any time: the outcome is known only afterwards, so a failed exchange is checked as a write
  // where it would have been one. It conflicts with plain accesses only, as the load does with
  // plain writes; to be exact the rule is applied for what really happened.
  TlsBlock& tls = __hindsight_tls;
  Thread* thread = tls.thread;
  if (held == nullptr) enterRuntime(tls);
  RacedEntries raced;
  bool found = false, released = false;
  const AccessSite site{pc, tls.stack};
  const bool checked = isChecked(*thread, address);
  {
    LineLock lock = held != nullptr ? LineLock(address, *held) : LineLock(address);
    SyncObject* const object = findSyncObject(lock.record(), address);
    if (held == nullptr) done = Primitive<T>::compareExchange(a, &seen, desired);
    observe(*thread, object, done ? order : failure_order);
    if (checked) found = checkAtomic(*thread, lock, address, sizeof(T), done, raced, &site);
    if (done) released = leaveByUpdate(*thread, lock, address, order, object);
    if (done) noteStore(lock);
    if (HINDSIGHT_UNLIKELY(!checked)) lock.trim();
  }
  if (HINDSIGHT_UNLIKELY(found))
    racesFound(
        *thread,
        {address, sizeof(T), done ? Kind::AtomicWrite : Kind::AtomicRead, false, pc, tls.stack},
        roundDown(address, kLineSize), raced);
  if (released) tick(*thread);
  if (held == nullptr) leaveRuntime(tls);
  return seen;
}

/// Returns the old value; it succeeded iff that equals `expected`.
template <class T>
HINDSIGHT_ALWAYS_INLINE T atomicCompareExchange(volatile T* a, T expected, T desired, int order,
                                                int failure_order, uptr pc) {
  const uptr address = reinterpret_cast<uptr>(a);
  TlsBlock& tls = __hindsight_tls;
  QuickAtomic<sizeof(T)> step;
  if (HINDSIGHT_UNLIKELY(!beginQuickly(tls, step, a)))
    return compareExchangeSlowly(a, expected, desired, false, order, failure_order, pc);
  Thread& thread = *tls.thread;
  SyncObject* const object = findSyncObject(step.record(), address);
  T seen = expected;
  const bool done = Primitive<T>::compareExchange(a, &seen, desired);
  observe(thread, object, done ? order : failure_order);
  if (HINDSIGHT_UNLIKELY(
          !(done ? changeQuickly(thread, tls.stack, step, object, address, order, pc, [] {})
                 : loadedQuickly(thread, tls.stack, step, address, pc)))) {
    const u32 held = step.lineValue();
    compareExchangeSlowly(a, seen, desired, done, order, failure_order, pc, &held);
  }
  leaveRuntime(tls);
  return seen;
}

}  // namespace hindsight
