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
  if (clock.frozen == nullptr) return;
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

/// The epochs of a sync clock, wherever they are. `size` is 0 if it has none but its tag.
struct Epochs {
  const Epoch* first;
  u32 size;
};
Epochs epochsOf(const SyncClock& clock) {
  if (clock.by_value) return {clock.few, kClockStep};
  if (clock.base != nullptr) return {clock.base->epochs, clock.base->size};
  return {nullptr, 0};
}

/// target := the join of two sync clocks, untagged; `target` may be one of them.
void setJoined(SyncClock& target, const SyncClock& a, const SyncClock& b) {
  const SyncClock* const parts[] = {&a, &b};
  u32 size = kClockStep;
  for (const SyncClock* clock : parts) {
    size = max(size, epochsOf(*clock).size);
    if (clock->slot != kNoSlot) size = max(size, sizeFor(clock->slot));
  }
  SyncClock result = kEmptySyncClock;
  result.by_value = size == kClockStep;
  if (!result.by_value) result.base = newSnapshot(size);
  Epoch* const epochs = result.by_value ? result.few : result.base->epochs;
  for (u32 i = 0; i < size; ++i) epochs[i] = 0;
  for (const SyncClock* clock : parts) {
    maxInto(epochs, epochsOf(*clock).first, epochsOf(*clock).size);
    if (clock->slot != kNoSlot) epochs[clock->slot] = max(epochs[clock->slot], clock->epoch);
  }
  drop(target.base);
  target = result;
}

}  // namespace

Epoch common_past[kMaxSlots];
Epoch disowned[kMaxSlots];

void disownTags(Slot slot, Epoch last) {
  // Who knows a later epoch has it from the thread that goes on, and so sees this.
  __atomic_store_n(&disowned[slot], last, __ATOMIC_RELAXED);
}

void raiseCommonPast(const ThreadClock& clock) {
  for (u32 i = 0; i < clock.size; ++i)
    __atomic_store_n(&common_past[i], max(common_past[i], clock.epochs[i]), __ATOMIC_RELAXED);
}

void forgetCommonPast() {
  // A store that changes nothing would give memory to an untouched page.
  for (Epoch& epoch : common_past)
    if (epoch != 0) __atomic_store_n(&epoch, 0, __ATOMIC_RELAXED);
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

UnknownPast unknownOf(const ThreadClock& thread, const SyncClock& clock) {
  if (clock.empty() || thread.knows(clock)) return {};
  if (clock.slot != kNoSlot) return {1, {clock.slot, clock.epoch}};
  UnknownPast unknown{};
  const Epochs known = epochsOf(clock);
  for (u32 slot = 0; slot < known.size; ++slot) {
    if (known.first[slot] <= thread.epochs[slot]) continue;
    ++unknown.timelines;
    unknown.one = {static_cast<Slot>(slot), known.first[slot]};
  }
  return unknown;
}

bool joinInto(ThreadClock& clock, const SyncClock& other) {
  if (other.empty() || clock.knows(other)) return false;
  bool changed = false;
  if (HINDSIGHT_LIKELY(other.by_value)) {  // with its tag (I2)
    clock.size = max(clock.size, kClockStep);
    changed = maxInto(clock.epochs, other.few, kClockStep);
    if (changed) thaw(clock);
    return changed;
  }
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
  SyncClock result = kEmptySyncClock;
  assign(result, clock);
  return result;
}

void assign(SyncClock& target, ThreadClock& clock) {
  if (HINDSIGHT_LIKELY(clock.size <= kClockStep)) {
    if (HINDSIGHT_UNLIKELY(target.base != nullptr)) drop(target.base);
    target.base = nullptr;
    return assignShortly(target, clock);
  }
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
  target.by_value = false;
  target.epoch = clock.own();
}

void merge(SyncClock& target, ThreadClock& clock) {
  if (target.empty() || clock.knows(target)) return assign(target, clock);
  if (target.by_value && clock.size <= kClockStep) {
    maxInto(target.few, clock.epochs, kClockStep);
    target.slot = kNoSlot;
    return;
  }
  SyncClock own = freeze(clock);
  setJoined(target, target, own);
  dispose(own);
}

void assign(SyncClock& target, const SyncClock& source) {
  retain(source.base);
  drop(target.base);
  target = source;
}

void merge(SyncClock& target, const SyncClock& source) {
  if (source.empty()) return;
  if (target.empty()) return assign(target, source);
  if (target.slot == source.slot && target.slot != kNoSlot) {
    if (tagIsKnown(source.slot, source.epoch, target.epoch)) return;
    if (tagIsKnown(target.slot, target.epoch, source.epoch)) return assign(target, source);
  }
  setJoined(target, target, source);
}

void dispose(SyncClock& clock) {
  drop(clock.base);
  clock = kEmptySyncClock;
}

}  // namespace hindsight
