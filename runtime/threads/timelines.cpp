#include "threads/timelines.h"

#include "base/arena.h"
#include "threads/recycle.h"
#include "threads/thread.h"

namespace hindsight {

constinit void (*timelines_short_hook)() = nullptr;

namespace {

constinit Timeline* timelines = nullptr;  // kMaxSlots
constinit u32 slots_used = 0;
constexpr u32 kSeldom = 2048;
constinit u32 reclaim_at = kSeldom;      // slots in use, for the next look for forgotten timelines
constinit bool timelines_short = false;  // takeEndedSlot has been needed

/// A slot whose last user's end is known to `creator`, or that is forgotten; kNoSlot if there is
/// none. Registry lock held.
Slot findSlot(const Thread* creator) {
  for (u32 slot = 0; slot < slots_used && creator != nullptr; ++slot) {
    const Timeline& timeline = timelines[slot];
    if (timeline.user == nullptr && timeline.last_epoch < kLastEpoch &&
        (timeline.forgotten || timeline.last_epoch <= creator->clock.epochs[slot]))
      return static_cast<Slot>(slot);
  }
  return kNoSlot;
}

/// A slot whose user has ended, though what it did can still race: a new thread that goes on in its
/// timeline hides races of that from whoever will be ordered after the new thread. Registry lock
/// held. kNoSlot if there is none.
HINDSIGHT_NOINLINE Slot takeEndedSlot() {
  static constinit u32 next = 0;
  for (u32 tried = 0; tried < slots_used; ++tried) {
    const u32 slot = next;
    next = (next + 1) % slots_used;
    if (timelines[slot].user != nullptr || timelines[slot].last_epoch >= kLastEpoch) continue;
    if (!timelines_short && timelines_short_hook != nullptr) timelines_short_hook();
    timelines_short = true;
    return static_cast<Slot>(slot);
  }
  return kNoSlot;
}

void lookForForgotten(const Thread* creator) {
  lockRegistry();
  static constinit u32 creations = 0;
  constexpr u32 kSweepEvery = 1024;  // where the last look found little
  const bool is_due = slots_used >= reclaim_at && findSlot(creator) == kNoSlot &&
                      (!timelines_short || ++creations % kSweepEvery == 0);
  unlockRegistry();
  if (!is_due) return;
  recycleStamps(true);
  lockRegistry();
  u32 needed = 0;
  for (u32 slot = 0; slot < slots_used; ++slot) needed += timelines[slot].forgotten ? 0 : 1;
  reclaim_at = min(max(2 * needed, kSeldom), kMaxSlots);
  unlockRegistry();
}

}  // namespace

u32 slotsUsed() { return slots_used; }
Timeline& timelineOf(Slot slot) { return timelines[slot]; }

Slot takeSlot(const Thread* creator) {
  Slot slot = findSlot(creator);
  // Each timeline takes a chunk of stamps at least; those that go on take more.
  if (slot == kNoSlot && HINDSIGHT_UNLIKELY(slots_used >= min(kMaxSlots, chunk_limit) / 4 * 3))
    slot = takeEndedSlot();
  if (slot != kNoSlot) return slot;
  if (timelines == nullptr)
    timelines = static_cast<Timeline*>(reservePages(kMaxSlots * sizeof(Timeline)));
  HINDSIGHT_CHECK(slots_used < kMaxSlots && "more than 16,384 threads alive");
  return static_cast<Slot>(slots_used++);
}

Epoch beginTimeline(Slot slot, Thread& user, const ThreadClock* known) {
  Timeline& timeline = timelines[slot];
  timeline.user = &user;
  timeline.forgotten = false;
  const Epoch last = timeline.last_epoch;
  if (last > (known != nullptr ? known->epochs[slot] : 0)) disownTags(slot, last);
  return last + 1;
}

void endTimeline(Thread& thread) {
  Timeline& timeline = timelines[thread.slot];
  thread.last_epoch = thread.clock.own();
  timeline.last_epoch = thread.last_epoch;
  timeline.last_stamp = thread.stamp;
  timeline.user = nullptr;
}

void reclaimTimelines(const Thread* creator) {
  if (HINDSIGHT_UNLIKELY(__atomic_load_n(&slots_used, __ATOMIC_RELAXED) >= reclaim_at))
    lookForForgotten(creator);
}

void restartTimelines(const bool* recycled, const bool* recorded) {
  for (u32 slot = 0; slot < slots_used; ++slot) {
    Timeline& timeline = timelines[slot];
    if (recycled[static_cast<u32>(timeline.last_stamp) >> kChunkBits])
      timeline.last_stamp = Stamp{};
    timeline.forgotten = timeline.user == nullptr && !recorded[slot];
  }
}

}  // namespace hindsight
