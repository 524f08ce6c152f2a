// vector_clock.h - how much of every thread's past a thread or a sync object has seen.
//
// Access `a` happened before the owner of clock C iff a.epoch <= C[a.slot]: this is C_t of
// FastTrack [Flanagan & Freund, PLDI 2009]. Two forms:
//
//   ThreadClock  mutable, one per thread; its own component is the thread's current epoch.
//   SyncClock    what a release left behind, plus the releaser's own component as a tag. Whoever
//                knows the releaser's epoch knows all of it (a thread ticks after each release; see
//                `disowned`), so most joins are one compare. The clock of a few threads is held by
//                value; a longer one is an immutable shared Snapshot.
//
// Invariants: I1 a tagged SyncClock equals the releaser's clock at that epoch.
//             I2 epochs held by value include the tag's.
// Thread safety: a ThreadClock is its thread's; a SyncClock is guarded by its owner's lock;
// snapshots are immutable and counted atomically.
// Allocation: ThreadClock reserves kMaxSlots epochs of address space; snapshots are sized to fit.
#pragma once

#include "base/types.h"
#include "core/stamps.h"

namespace hindsight {

struct Snapshot {
  u32 references;
  u32 size;         // slots; a multiple of kClockStep
  Epoch epochs[2];  // really `size`
};

inline constexpr u32 kClockStep = 8;  // slots: one 32-byte vector

struct SyncClock {
  Snapshot* base;  // null: held by value, or nothing, or only the tag
  Slot slot;       // of the tag; kNoSlot if there is none
  bool by_value;
  Epoch epoch;
  Epoch few[kClockStep];  // if by_value

  bool empty() const { return base == nullptr && !by_value && slot == kNoSlot; }
};
inline constexpr SyncClock kEmptySyncClock{nullptr, kNoSlot, false, 0, {}};

/// A timeline may go on in a thread that has not seen the end of the one before it
/// (threads/thread.cpp). What the timeline had released up to this epoch is no part of what that
/// thread, and who is ordered after it, knows, for all that they know later epochs: tags up to it
/// say nothing. 0: every tag counts.
extern Epoch disowned[kMaxSlots];
/// Whether who knows epoch `known` of the slot knows all that is tagged with epoch `tag`.
HINDSIGHT_ALWAYS_INLINE bool tagIsKnown(Slot slot, Epoch tag, Epoch known) {
  return tag <= known && HINDSIGHT_LIKELY(tag > __atomic_load_n(&disowned[slot], __ATOMIC_RELAXED));
}
/// Before the timeline goes on so behind epoch `last`.
void disownTags(Slot slot, Epoch last);

struct ThreadClock {
  Epoch* epochs;     // kMaxSlots, zero beyond size
  u32 size;          // a multiple of kClockStep
  Slot slot;         // own timeline
  Snapshot* frozen;  // equals epochs but for the own component; null when out of date

  Epoch own() const { return epochs[slot]; }
  HINDSIGHT_ALWAYS_INLINE bool knows(ThreadEpoch event) const {
    return event.epoch <= epochs[event.slot];
  }
  HINDSIGHT_ALWAYS_INLINE bool knows(Stamp stamp) const { return knows(resolve(stamp)); }
  bool knows(const SyncClock& clock) const {
    return clock.slot != kNoSlot && tagIsKnown(clock.slot, clock.epoch, epochs[clock.slot]);
  }
};

/// What a thread does not know of a sync clock.
struct UnknownPast {
  u32 timelines;    // that are ahead of the thread's clock; 0: it knows all
  ThreadEpoch one;  // of them: of the last to release, if it had seen all the others
};
UnknownPast unknownOf(const ThreadClock& thread, const SyncClock& clock);

/// The common past: what every live thread has seen, and so every future thread will. An access in
/// it can race no more; where its record is in the way it may be dropped. Only a lower bound is
/// kept: the clock of the last thread that was alone when it created another one.
extern Epoch common_past[kMaxSlots];
HINDSIGHT_ALWAYS_INLINE bool isCommonPast(Stamp stamp) {
  const ThreadEpoch event = resolve(stamp);
  return event.epoch <= __atomic_load_n(&common_past[event.slot], __ATOMIC_RELAXED);
}
/// `clock` is that of the only live thread.
void raiseCommonPast(const ThreadClock& clock);
/// A thread begins that has seen nothing.
void forgetCommonPast();

void initThreadClock(ThreadClock& clock, Slot slot, Epoch epoch);
/// The owner goes on as `epoch` of another timeline; what it has seen of the old one stays.
void moveThreadClock(ThreadClock& clock, Slot slot, Epoch epoch);
void destroyThreadClock(ThreadClock& clock);
/// Forgets everything: a clock that knows nothing (used for fence clocks).
void clearThreadClock(ThreadClock& clock);

/// clock |= other. Returns whether anything was new.
bool joinInto(ThreadClock& clock, const SyncClock& other);
/// clock |= other, both threads' own (fence clocks, forks).
bool joinInto(ThreadClock& clock, const ThreadClock& other);

/// The releaser's clock as it is now, by reference where possible. The caller owns the result.
SyncClock freeze(ThreadClock& clock);
/// target := clock (target's old value is given back).
void assign(SyncClock& target, ThreadClock& clock);
/// The same, inline for a clock that is held by value and was before.
HINDSIGHT_ALWAYS_INLINE void assignShortly(SyncClock& target, ThreadClock& clock) {
  if (HINDSIGHT_UNLIKELY(clock.size > kClockStep || target.base != nullptr))
    return assign(target, clock);
  target.slot = clock.slot;
  target.by_value = true;
  target.epoch = clock.own();
  __builtin_memcpy(target.few, clock.epochs, sizeof(target.few));
}
/// target |= clock.
void merge(SyncClock& target, ThreadClock& clock);
/// target := source / target |= source, for fence clocks.
void assign(SyncClock& target, const SyncClock& source);
void merge(SyncClock& target, const SyncClock& source);
void dispose(SyncClock& clock);

/// epochs[i] = max(epochs[i], other[i]); returns whether one changed. SIMD.
bool maxInto(Epoch* epochs, const Epoch* other, u32 size);

}  // namespace hindsight
