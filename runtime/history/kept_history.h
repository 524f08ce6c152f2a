// kept_history.h - what outlives a thread's ring of events: accesses that are still in the shadow.
//
// Before a part of the ring is reused, its events are looked up in the shadow: only an access whose
// stamp is still there can turn up in a race. Those are copied to compact parts; the others, nearly
// all of them in a program that runs for long, are dropped. What is kept is looked through again
// whenever there is twice as much of it, so each event is looked up a few times in all.
//
//   ring of 8 KiB parts ── before reuse ──► kept parts, 16 KiB each ── when doubled ──► kept parts
//                          live events                                 still live ones
//
// A kept part is a stream of words as in history.h, where calling contexts and lists of held locks
// are numbers, and accesses of one program counter at equal distances are one Run. The parts of all
// threads together, with their calling contexts, may take `kept_history_limit` bytes, and 32 KiB
// more per thread; a thread that is at the limit drops its oldest part for a new one. Contexts are
// a thread's own: those that no part names any more go when the parts are looked through, at the
// latest when there are twice as many as were still in use the last time.
//
// Looking events up costs about as much as recording them did. A thread that records many has only
// a part of them looked up: `kept_history_effort` percent of its time may go there.
//
// A part is looked up when it is the next but one to be reused. An access that another thread has
// just replaced, and is about to report, is wanted (core/wanted_epoch.h).
//
// Thread safety: filled by its thread, read by reporting ones, both under `lock`.
// Allocation: arena; lists of locks are interned and stay.
#pragma once

#include "base/spin_lock.h"
#include "history/calling_contexts.h"
#include "history/history.h"
#include "history/live_access.h"

namespace hindsight {

inline constexpr u32 kKeptBytes = 16 * 1024;
inline constexpr u32 kKeptWords = (kKeptBytes - 32) / 8;

struct KeptPart {
  uptr begin, end;  // of all addresses in it
  Epoch first_epoch, last_epoch;
  u32 used;  // words
  u64 words[kKeptWords];
};
static_assert(sizeof(KeptPart) <= kKeptBytes);

/// The calling context and the locks that the events being looked through belong to.
struct SweepPosition {
  Epoch epoch;
  uptr* frames;   // outermost first
  u32* contexts;  // of the frames up to each
  u32 capacity;   // of both
  u32 depth;
  u32 known;  // frames that have their context
  HeldLock locks[kMaxHeldLocks];
  uptr lock_words[2 * kMaxHeldLocks];
  u32 lock_count;
  u32 lock_set;  // their number, if `locks_known`
  bool locks_known;
};

struct KeptHistory {
  SpinLock lock;
  KeptPart** parts;  // oldest first; the last one is being filled
  u32 count, capacity;
  u32 look_again_at;  // parts
  u32 dropped;        // parts since they were all looked through
  CallingContexts contexts;
  u32 look_at_contexts;  // as many of them, and all is looked through again
  // What the last part says last:
  Epoch epoch;
  u32 context, lock_set;
  static constexpr u32 kRecent = 8;
  u32 recent[kRecent];  // places of accesses since then, to be made longer runs
  u32 recent_count;
  SweepPosition sweep;
  ChunkGuess chunk;
  // Of processor time, in nanoseconds:
  sptr credit;    // what may be spent on looking events up
  u64 last_time;  // the thread's, when the credit was last raised
  u32 unseen;     // parts of the ring since then
  u32 unasked;    // parts of the ring to come, before the clock is asked again
};

/// Bytes that kept events of all threads and their calling contexts may take; set once at start.
extern u64 kept_history_limit;
/// They may take no more than a 16th of the process's memory either, or 1 MiB.
extern bool kept_history_in_proportion;
/// Processor time that a thread may spend on looking its events up, in percent of all of its own;
/// 100: no limit. Where there is no more, parts are reused unseen.
extern u32 kept_history_effort;
/// Bytes that they take.
u64 keptHistoryBytes();

/// Copies the events of `part`, the ring's next but one to be reused, that the shadow still knows.
/// Cost: one or two shadow cells per event.
void keepLiveEvents(History& history, const HistoryPart& part);
void destroyKeptHistory(History& history);

}  // namespace hindsight
