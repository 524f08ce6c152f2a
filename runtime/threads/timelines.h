// timelines.h - the slots of vector clocks, handed from thread to thread.
//
// A timeline is a chain of threads, each begun by one that had seen the end of the one before: one
// slot is enough for all of them, and a program that makes a million short threads needs few. Slots
// whose threads ended without anybody ordered after them wait until nothing that is recorded in
// them can race.
//
// Thread safety: registry lock held, unless said otherwise (threads/thread.h).
// Allocation: none but the table.
#pragma once

#include "core/stamps.h"
#include "core/vector_clock.h"

namespace hindsight {

struct Thread;

/// Who has used the slot, and where its epochs stand.
struct Timeline {
  Epoch last_epoch;
  Stamp last_stamp;  // 0: take a new chunk
  Thread* user;      // created or running; null when the slot may be handed on
  bool forgotten;    // it has ended, and nothing that is recorded in it can race
};

/// A timeline ends here, at a chunk's end, long before epochs overflow.
inline constexpr Epoch kLastEpoch = ~0u - 4 * kEpochsPerChunk;

u32 slotsUsed();
Timeline& timelineOf(Slot slot);

/// A slot whose last user's end is known to `creator`, or one that is forgotten, or a fresh one.
Slot takeSlot(const Thread* creator);
/// `user` goes on in the timeline. It begins with, or has, what is in `known` (null: nothing).
/// Returns its first epoch there.
Epoch beginTimeline(Slot slot, Thread& user, const ThreadClock* known);
/// The timeline is free for a thread that is ordered after this one's end.
void endTimeline(Thread& thread);

/// Threads that end and are never joined leave timelines that nobody is ordered after. From time to
/// time those of them that nothing recorded belongs to are found; a thread may go on in one of
/// these. No lock may be held.
void reclaimTimelines(const Thread* creator);
/// Timelines that nobody uses now and whose last stamp lies in a chunk with `recycled[chunk]` go on
/// in a new chunk, and without `recorded[slot]` in any thread.
void restartTimelines(const bool* recycled, const bool* recorded);

/// Called once when more threads have ended than there are slots, all with accesses that can still
/// race: from now on a new thread may go on in the timeline of one of them, which hides races.
extern void (*timelines_short_hook)();

}  // namespace hindsight
