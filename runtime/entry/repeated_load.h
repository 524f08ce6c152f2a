// repeated_load.h - an atomic load that finds nothing new, without the line's lock: a thread that
// polls.
//
// The thread has recorded such a load in its current epoch, and knows what the last release has
// left in the object. The lock is only looked at: the line's word is free before and after, and the
// record's version, which every change under the lock moves on, is the same. So value, clock and
// entries are of one moment. Anything else goes the general road (entry/atomic_steps.h), the
// reference.
#pragma once

#include "core/line.h"
#include "threads/thread.h"

namespace hindsight {

/// Whether the thread's own entries say that it has loaded `bytes` in this epoch. What is read of
/// an array given back may be anything (line.h, I4): the caller looks at the version afterwards.
HINDSIGHT_ALWAYS_INLINE bool hasLoaded(const LineRecord& record, u64 bytes, Stamp stamp) {
  const u32 count = __atomic_load_n(&record.count, __ATOMIC_ACQUIRE);
  const Entry* const entries = __atomic_load_n(&record.entries, __ATOMIC_ACQUIRE);
  if (entries == nullptr) return false;
  for (u32 i = 0; i < count; ++i)
    if (entries[i].stamp == stamp && covers(entries[i].kind, Kind::AtomicRead) &&
        (bytes & ~entries[i].bytes) == 0)
      return true;
  return false;
}

/// Whether there is nothing in the clock of a sync object to learn. The object may have been given
/// back, so that its slot may be anything; the caller looks at the version afterwards.
HINDSIGHT_ALWAYS_INLINE bool knowsAll(const ThreadClock& clock, const SyncClock& other) {
  const Slot slot = __atomic_load_n(&other.slot, __ATOMIC_RELAXED);
  if (slot >= kMaxSlots) return other.empty();
  return tagIsKnown(slot, __atomic_load_n(&other.epoch, __ATOMIC_RELAXED), clock.epochs[slot]);
}

/// Loads *location into `value`. False: the load has to be made the general way.
template <class T>
HINDSIGHT_ALWAYS_INLINE bool loadRepeatedly(const Thread& thread, volatile T* location, T& value) {
  const uptr address = reinterpret_cast<uptr>(location);
  const LineLook look(address);
  if (!look.isFree()) return false;
  const LineRecord& record = look.record();
  const SyncObject* object = __atomic_load_n(&record.syncs, __ATOMIC_ACQUIRE);
  while (object != nullptr && object->offset != address % kLineSize) {
    object = __atomic_load_n(&object->next, __ATOMIC_ACQUIRE);
    if (!look.isUnchanged())
      return false;  // the object may have been given back: `next` means nothing
  }
  if (object != nullptr && !knowsAll(thread.clock, object->clock)) return false;
  if (!hasLoaded(record, lineBytes(address, sizeof(T)), thread.stamp)) return false;
  value = __atomic_load_n(location, __ATOMIC_SEQ_CST);
  return look.isUnchanged();
}

}  // namespace hindsight
