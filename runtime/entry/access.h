// access.h - the slow path of an access: the race rule applied to real shadow.
//
// The inline check has failed: this thread has not yet recorded the access in its current epoch.
// Under the line's lock the rule (core/race_rule.h) is applied to each word; what two cells cannot
// hold goes to the line's record (core/line.h). The event is written to history first, so whoever
// meets the new cell can find its stack.
//
// Thread safety: any thread; callers are inside a RuntimeScope.
#pragma once

#include "base/types.h"
#include "core/line.h"
#include "core/race_rule.h"
#include "threads/thread.h"

namespace hindsight {

/// What an access check needs to know of its caller.
struct AccessSite {
  uptr pc;          // return address
  const uptr* top;  // shadow stack pointer
  EventType event = EventType::Access;
  u64 components = 0;  // of a group
};

/// Checks and records a plain access of any size and alignment.
void checkAccess(Thread& thread, uptr address, size_t bytes, bool writes, const AccessSite& site);
/// A plain access to a range (checked addresses, nothing ignored), done piece by piece. Its event
/// goes to history once, when the first piece needs it.
class RangeAccess {
 public:
  RangeAccess(Thread& thread, uptr address, size_t bytes, bool writes, const AccessSite& site,
              bool is_free = false)
      : thread_(thread),
        address_(address),
        bytes_(bytes),
        writes_(writes),
        is_free_(is_free),
        site_(site) {}

  /// Writes the event; must precede any change of cells.
  void log();
  /// Checks and records [begin, end), part of the range.
  void check(uptr begin, uptr end);

 private:
  Thread& thread_;
  const uptr address_;
  const size_t bytes_;
  const bool writes_, is_free_;
  const AccessSite& site_;
  bool logged_ = false;
};

/// The whole block is given back: a write to all of it. `owns_pairs`: if its address is a multiple
/// of 8, the bytes behind it up to the next one are nobody else's.
void checkFree(Thread& thread, uptr address, size_t bytes, const AccessSite& site,
               bool owns_pairs = false);

/// The words that [address, address + bytes) touches, as bits; it does not leave the line.
constexpr u16 wordsOf(uptr address, size_t bytes) {
  const u32 first = static_cast<u32>((address % kLineSize) / kWordSize);
  const u32 last = static_cast<u32>(((address + bytes - 1) % kLineSize) / kWordSize);
  return static_cast<u16>((2u << last) - (1u << first));
}

bool checkAtomicSlow(Thread& thread, LineLock& lock, uptr address, size_t bytes, Kind kind,
                     RacedEntries& raced, const AccessSite* unlogged);

/// An atomic access: the rule, unless the thread has recorded the like in its current epoch already
/// (it spins). Must be called with the line of `address` locked; the access must not leave the
/// line. Returns true and adds to `raced` on a race with a plain access. `unlogged` is where it
/// happened, if its event is not in history yet.
HINDSIGHT_ALWAYS_INLINE bool checkAtomic(Thread& thread, LineLock& lock, uptr address, size_t bytes,
                                         bool writes, RacedEntries& raced,
                                         const AccessSite* unlogged = nullptr) {
  const Kind kind = writes ? Kind::AtomicWrite : Kind::AtomicRead;
  const u32 words = (2u << (address % kWordSize + bytes - 1) / kWordSize) - 1;
  LineRecord* const record = lock.record();
  if (HINDSIGHT_LIKELY(record != nullptr &&
                       (record->spilled >> (address % kLineSize / kWordSize) & words) == words)) {
    const auto log = [&] {
      if (unlogged != nullptr)
        logAccess(thread.history, unlogged->top, thread.clock.own(), EventType::Access, address,
                  bytes, kind, unlogged->pc);
    };
    if (HINDSIGHT_LIKELY(recordAtomic(*record, lineBytes(address, bytes), thread.stamp, kind,
                                      thread.clock, log) != AtomicPast::Unknown))
      return false;
  }
  return checkAtomicSlow(thread, lock, address, bytes, kind, raced, unlogged);
}

/// Fresh memory: nothing is recorded in [address, address + bytes). Words at the ends that are only
/// partly inside are left alone.
void resetShadow(uptr address, size_t bytes);
/// Resets by any thread of kLargeReset bytes or more, so far.
inline constexpr size_t kLargeReset = 1024;
extern u32 large_resets;

}  // namespace hindsight
