#include "core/vector_clock.h"

#include "base/arena.h"

namespace hindsight {
namespace {

size_t bytesOf(u32 size) { return offsetof(Snapshot, epochs) + size * sizeof(Epoch); }

Snapshot* newSnapshot(u32 size) {
  auto* snapshot = static_cast<Snapshot*>(arenaAllocate(bytesOf(size)));
  snapshot->references = 1;
  snapshot->size = size;
  return snapshot;
}

Snapshot* retain(Snapshot* snapshot) {
  if (snapshot != nullptr) __atomic_fetch_add(&snapshot->references, 1, __ATOMIC_RELAXED);
  return snapshot;
}

void drop(Snapshot* snapshot) {
  if (snapshot == nullptr) return;
  // pairs with: itself in other threads, so that the last one sees all readers done
  if (__atomic_fetch_sub(&snapshot->references, 1, __ATOMIC_ACQ_REL) == 1)
    arenaFree(snapshot, bytesOf(snapshot->size));
}

u32 sizeFor(Slot slot) { return static_cast<u32>(roundUp(slot + 1u, kClockStep)); }

void thaw(ThreadClock& clock) {
  drop(clock.frozen);
  clock.frozen = nullptr;
}

void raise(ThreadClock& clock, Slot slot, Epoch epoch) {
  clock.epochs[slot] = max(clock.epochs[slot], epoch);
  clock.size = max(clock.size, sizeFor(slot));
}

void refreeze(ThreadClock& clock) {
  if (clock.frozen != nullptr) return;
  clock.frozen = newSnapshot(clock.size);
  for (u32 i = 0; i < clock.size; ++i) clock.frozen->epochs[i] = clock.epochs[i];
}

/// The join of two sync clocks as a fresh untagged snapshot.
SyncClock joined(const SyncClock& a, const SyncClock& b) {
  const SyncClock* const parts[] = {&a, &b};
  u32 size = kClockStep;
  for (const SyncClock* clock : parts) {
    if (clock->base != nullptr) size = max(size, clock->base->size);
    if (clock->slot != kNoSlot) size = max(size, sizeFor(clock->slot));
  }
  Snapshot* result = newSnapshot(size);
  for (u32 i = 0; i < size; ++i) result->epochs[i] = 0;
  for (const SyncClock* clock : parts) {
    if (clock->base != nullptr) maxInto(result->epochs, clock->base->epochs, clock->base->size);
    if (clock->slot != kNoSlot)
      result->epochs[clock->slot] = max(result->epochs[clock->slot], clock->epoch);
  }
  return {result, kNoSlot, 0};
}

}  // namespace

Epoch common_past[kMaxSlots];

void raiseCommonPast(const ThreadClock& clock) {
  for (u32 i = 0; i < clock.size; ++i)
    __atomic_store_n(&common_past[i], max(common_past[i], clock.epochs[i]), __ATOMIC_RELAXED);
}

void forgetCommonPast() {
  for (Epoch& epoch : common_past) __atomic_store_n(&epoch, 0, __ATOMIC_RELAXED);
}

void initThreadClock(ThreadClock& clock, Slot slot, Epoch epoch) {
  if (clock.epochs == nullptr)
    clock.epochs = static_cast<Epoch*>(reservePages(kMaxSlots * sizeof(Epoch)));
  clock.slot = slot;
  if (slot != kNoSlot) raise(clock, slot, epoch);
}

void moveThreadClock(ThreadClock& clock, Slot slot, Epoch epoch) {
  thaw(clock);  // it does not hold the old component as it is now
  clock.slot = slot;
  raise(clock, slot, epoch);
}

void clearThreadClock(ThreadClock& clock) {
  for (u32 i = 0; i < clock.size; ++i) clock.epochs[i] = 0;
  clock.size = 0;
  thaw(clock);
}

void destroyThreadClock(ThreadClock& clock) {
  thaw(clock);
  if (clock.epochs != nullptr) unmapPages(clock.epochs, kMaxSlots * sizeof(Epoch));
  clock.epochs = nullptr;
  clock.size = 0;
}

bool joinInto(ThreadClock& clock, const SyncClock& other) {
  if (other.empty() || clock.knows(other)) return false;
  bool changed = false;
  if (other.base != nullptr && other.base != clock.frozen) {
    clock.size = max(clock.size, other.base->size);
    // A releaser never knows more of the owner than the owner itself, so `own` cannot change.
    changed = maxInto(clock.epochs, other.base->epochs, other.base->size);
  }
  if (other.slot != kNoSlot && clock.epochs[other.slot] < other.epoch) {
    raise(clock, other.slot, other.epoch);
    changed = true;
  }
  if (changed) thaw(clock);
  return changed;
}

bool joinInto(ThreadClock& clock, const ThreadClock& other) {
  clock.size = max(clock.size, other.size);
  const bool changed = maxInto(clock.epochs, other.epochs, other.size);
  if (changed) thaw(clock);
  return changed;
}

SyncClock freeze(ThreadClock& clock) {
  refreeze(clock);
  return {retain(clock.frozen), clock.slot, clock.own()};
}

void assign(SyncClock& target, ThreadClock& clock) {
  if (clock.frozen == nullptr && target.base != nullptr && target.base->size == clock.size &&
      __atomic_load_n(&target.base->references, __ATOMIC_ACQUIRE) == 1) {
    // pairs with: drop. The target's alone, which is about to be overwritten: it serves again.
    for (u32 i = 0; i < clock.size; ++i) target.base->epochs[i] = clock.epochs[i];
    clock.frozen = retain(target.base);
  }
  refreeze(clock);
  if (target.base != clock.frozen) {
    drop(target.base);
    target.base = retain(clock.frozen);
  }
  target.slot = clock.slot;
  target.epoch = clock.own();
}

void merge(SyncClock& target, ThreadClock& clock) {
  if (target.empty() || clock.knows(target)) return assign(target, clock);
  SyncClock own = freeze(clock);
  SyncClock result = joined(target, own);
  dispose(own);
  dispose(target);
  target = result;
}

void assign(SyncClock& target, const SyncClock& source) {
  Snapshot* base = retain(source.base);
  drop(target.base);
  target = {base, source.slot, source.epoch};
}

void merge(SyncClock& target, const SyncClock& source) {
  if (source.empty()) return;
  if (target.empty()) return assign(target, source);
  if (target.slot == source.slot && target.slot != kNoSlot) {
    if (source.epoch > target.epoch) assign(target, source);
    return;
  }
  SyncClock result = joined(target, source);
  dispose(target);
  target = result;
}

void dispose(SyncClock& clock) {
  drop(clock.base);
  clock = kEmptySyncClock;
}

}  // namespace hindsight
