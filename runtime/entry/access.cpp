#include "entry/access.h"

#include "core/line.h"
#include "core/tiny_memory.h"
#include "entry/cell_runs.h"
#include "entry/past.h"
#include "entry/quick_access.h"
#include "entry/uniform_line.h"
#include "report/race_found.h"
#include "threads/alone.h"

namespace hindsight {
namespace {

/// The rule for the read cells of other groups' images: a write races with unordered readers there
/// and takes the place of the ordered ones.
HINDSIGHT_ALWAYS_INLINE void writeOverGroup(const ThreadClock& clock, Cell* read, Cell old_write,
                                            u32 mask, u32 shift, RacedEntries& raced) {
  const Cell seen = *read;
  if (HINDSIGHT_LIKELY((maskOf(seen) & mask) == 0)) return;
  if (!isMark(seen, old_write) && !clock.knows(stampOf(seen)))
    raced.add({static_cast<u64>(maskOf(seen) & mask) << shift, stampOf(seen), Kind::Read});
  const u32 rest = maskOf(seen) & ~mask;
  __atomic_store_n(read, rest == 0 ? kEmptyCell : withMask(seen, rest), __ATOMIC_RELAXED);
}

/// The verdict for the last word's cells, which its neighbours mostly share.
struct LastVerdict {
  Cell read = kSpilledCell;  // no read cell ever is
  Cell write = kSpilledCell;
  WordVerdict verdict;
};

/// The cell, or an empty one if what it says can race no more.
HINDSIGHT_ALWAYS_INLINE Cell unlessCommonPast(Cell cell) {
  return cell != kEmptyCell && isCommonPast(stampOf(cell)) ? kEmptyCell : cell;
}

HINDSIGHT_NOINLINE void addRaced(RacedEntries& raced, const WordVerdict& verdict, u32 shift) {
  if (verdict.raced_write != 0)
    raced.add({static_cast<u64>(maskOf(verdict.raced_write)) << shift, stampOf(verdict.raced_write),
               Kind::Write});
  if (verdict.raced_read != 0)
    raced.add({static_cast<u64>(maskOf(verdict.raced_read)) << shift, stampOf(verdict.raced_read),
               Kind::Read});
}

/// updateWord where two cells cannot hold what is to be known of the word, or entries beside them
/// hold some of it.
HINDSIGHT_NOINLINE void updateBeside(Thread& thread, LineLock& lock, uptr word, u32 mask,
                                     bool writes, RacedEntries& raced) {
  Cell* const read = readCell(word, thread.read_group);
  Cell* const write = writeCell(word);
  const Cell own = makeCell(thread.stamp, mask);
  const u32 index = static_cast<u32>((word % kLineSize) / kWordSize);
  const Kind kind = writes ? Kind::Write : Kind::Read;
  const Cell old_read = unlessCommonPast(*read), old_write = unlessCommonPast(*write);
  WordVerdict verdict = judgeWord(old_read, old_write, own, writes, thread.clock);
  LineRecord& record = lock.needRecord();
  checkLeftBehind(record, index, mask, thread.stamp, kind, thread.clock, raced);
  if (verdict.spill && writes) {
    // The other bytes of the older write, whose mark the read cell may hold.
    leaveBehind(record, withMask(old_write, maskOf(old_write) & ~mask), index, Kind::Write);
    verdict.write = own;
  } else if (verdict.spill) {
    const bool saw = sameStamp(old_read, own) || thread.clock.knows(stampOf(old_read));
    const u32 now = mask | (sameStamp(old_write, own) ? maskOf(old_write) : 0);
    leaveBehind(record, withMask(old_read, saw ? maskOf(old_read) & ~now : maskOf(old_read)), index,
                Kind::Read);
    verdict.read = withMask(own, now);
  }
  if (verdict.races()) addRaced(raced, verdict, index * kWordSize);  // before it is overwritten
  if (verdict.read != *read) __atomic_store_n(read, verdict.read, __ATOMIC_RELAXED);
  if (writes) {
    const u32 others = lock.groups() & ~(1u << thread.read_group);
    for (u32 group = 0; others >> group != 0; ++group) {
      if ((others >> group & 1) == 0) continue;
      Cell* const other = readCell(word, group);
      if (isMark(*other, old_write)) __atomic_store_n(other, kEmptyCell, __ATOMIC_RELAXED);
      writeOverGroup(thread.clock, other, old_write, mask, index * kWordSize, raced);
    }
    __atomic_store_n(write, verdict.write, __ATOMIC_RELAXED);
  }
  lock.addGroup(thread.read_group);
  lock.trim();
}

/// Applies the rule to the bytes `mask` of the word at `word` (its line is locked). Adds what it
/// races with to `raced`.
HINDSIGHT_ALWAYS_INLINE void updateWord(Thread& thread, LineLock& lock, uptr word, u32 mask,
                                        bool writes, LastVerdict& last, RacedEntries& raced) {
  Cell* const read = readCell(word, thread.read_group);
  Cell* const write = writeCell(word);
  const Cell own = makeCell(thread.stamp, mask);
  const uptr line = roundDown(word, kLineSize);
  const u32 index = static_cast<u32>((word % kLineSize) / kWordSize);
  const Cell old_write = *write;
  if (HINDSIGHT_LIKELY(old_write != kSpilledCell)) {
    WordVerdict verdict;
    if (mask == kFullMask && *read == last.read && old_write == last.write) {
      verdict = last.verdict;
    } else {
      verdict = judgeWord(*read, old_write, own, writes, thread.clock);
      if (mask == kFullMask) last = {*read, old_write, verdict};
    }
    if (HINDSIGHT_UNLIKELY(verdict.spill || (lock.leftBehind() >> index & 1) != 0))
      return updateBeside(thread, lock, word, mask, writes, raced);
    // Before it is overwritten.
    if (HINDSIGHT_UNLIKELY(verdict.races())) addRaced(raced, verdict, index * kWordSize);
    if (verdict.read != *read) __atomic_store_n(read, verdict.read, __ATOMIC_RELAXED);
    if (writes) {
      const u32 others = lock.groups() & ~(1u << thread.read_group);
      for (u32 group = 0; HINDSIGHT_UNLIKELY(others >> group != 0); ++group)
        if ((others >> group & 1) != 0)
          writeOverGroup(thread.clock, readCell(word, group), old_write, mask, index * kWordSize,
                         raced);
      __atomic_store_n(write, verdict.write, __ATOMIC_RELAXED);
    }
    lock.addGroup(thread.read_group);
    return;
  }
  LineRecord& record = *lock.record();
  lock.addGroup(thread.read_group);  // the word may come back from the record
  recordAccess(record, line, static_cast<u64>(mask) << (index * kWordSize), own, thread.read_group,
               writes ? Kind::Write : Kind::Read, thread.clock, raced);
  lock.trim();
}

constexpr u32 maskFor(uptr address, size_t bytes) {
  return ((1u << bytes) - 1) << (address % kWordSize);
}

/// A hint.
HINDSIGHT_ALWAYS_INLINE bool lineHasRecord(uptr address) {
  return __atomic_load_n(lineWord(address), __ATOMIC_RELAXED) >> kRecordShift != 0;
}

/// Whether one word already holds this thread's record of the access.
HINDSIGHT_ALWAYS_INLINE bool wordIsRecorded(const Thread& thread, uptr address, u32 mask,
                                            bool writes) {
  const Cell seen = __atomic_load_n(
      writes ? writeCell(address) : readCell(address, thread.read_group), __ATOMIC_RELAXED);
  return static_cast<u32>(thread.stamp) == seen >> kMaskBits && (mask & ~maskOf(seen)) == 0;
}

HINDSIGHT_NOINLINE void reportAccess(Thread& thread, uptr address, size_t bytes, bool writes,
                                     bool is_free, const AccessSite& site, uptr line,
                                     RacedEntries& raced) {
  racesFound(thread,
             {address, bytes, writes ? Kind::Write : Kind::Read, is_free, site.pc, site.top}, line,
             raced);
}

/// Whether all of these cells are in the past; neighbours are mostly equal.
HINDSIGHT_ALWAYS_INLINE bool runIsPast(const Thread& thread, const Cell* cells, size_t count) {
  Cell last = kEmptyCell;
  for (size_t i = 0; i < count; ++i) {
    if (cells[i] == last) continue;
    last = cells[i];
    if (!isPast(thread, last)) return false;
  }
  return true;
}

/// Whole words of a locked line whose cells hold nothing but the past: the access takes their
/// place. False if the general rule has to be asked; nothing has changed then.
HINDSIGHT_ALWAYS_INLINE bool replaceRun(const Thread& thread, LineLock& lock, uptr address,
                                        size_t words, bool writes) {
  const u32 own_group = 1u << thread.read_group;
  const u32 checked = writes ? lock.groups() : lock.groups() & own_group;
  if (HINDSIGHT_UNLIKELY((lock.leftBehind() & wordsOf(address, words * kWordSize)) != 0))
    return false;
  if (!runIsPast(thread, writeCell(address), words)) return false;
  for (u32 group = 0; checked >> group != 0; ++group)
    if ((checked >> group & 1) != 0 && !runIsPast(thread, readCell(address, group), words))
      return false;
  if (writes) {
    for (u32 group = 0; checked >> group != 0; ++group)
      if (((checked & ~own_group) >> group & 1) != 0) emptyRun(readCell(address, group), words);
    fillRun(writeCell(address), words, currentCell(thread));
    markRun(readCell(address, thread.read_group), words, currentCell(thread));
  } else {
    fillRun(readCell(address, thread.read_group), words, currentCell(thread));
  }
  lock.addGroup(thread.read_group);
  return true;
}

/// The words of an access one by one; their line is locked.
HINDSIGHT_ALWAYS_INLINE void updateWords(Thread& thread, LineLock& lock, uptr address, size_t bytes,
                                         bool writes, LastVerdict& last, RacedEntries& raced) {
  for (uptr at = address; at < address + bytes;) {
    const size_t part = min(kWordSize - at % kWordSize, address + bytes - at);
    updateWord(thread, lock, at, maskFor(at, part), writes, last, raced);
    at += part;
  }
}

/// Records [at, end), words of a locked line, as far as their cells hold nothing but the past and
/// can take the access in place of it. Returns where the general rule has to go on.
template <bool kWrites>
HINDSIGHT_ALWAYS_INLINE uptr updateQuickly(Thread& thread, LineLock& lock, uptr at, uptr end) {
  if (kWrites && (lock.groups() & ~(1u << thread.read_group)) != 0) return at;
  const u32 left_behind = lock.leftBehind();
  Cell known = kEmptyCell;  // a cell in the past: neighbours mostly are equal
  lock.addGroup(thread.read_group);
  while (at < end) {
    const uptr next = min(roundDown(at, kWordSize) + kWordSize, end);
    if ((left_behind >> (at % kLineSize / kWordSize) & 1) != 0) return at;
    Cell* const read_at = readCell(at, thread.read_group);
    Cell* const write_at = writeCell(at);
    Cell read = *read_at, write = *write_at;
    const Cell old_read = read;
    if (write != known && HINDSIGHT_UNLIKELY(!isPast(thread, write))) return at;
    known = write;
    if (read != known && HINDSIGHT_UNLIKELY(!isPast(thread, read))) return at;
    Cell left = kEmptyCell;
    if (HINDSIGHT_LIKELY(next - at == kWordSize)) {
      const Cell own = currentCell(thread);
      if (kWrites) write = own;
      if (!kWrites || read != kEmptyCell) read = own;
    } else {
      judgeBytes<kWrites>(thread, maskFor(at, next - at), read, write, left);
      if (HINDSIGHT_UNLIKELY(left != kEmptyCell)) return at;
    }
    if (read != old_read) __atomic_store_n(read_at, read, __ATOMIC_RELAXED);
    if (kWrites) __atomic_store_n(write_at, write, __ATOMIC_RELAXED);
    at = next;
  }
  return at;
}

HINDSIGHT_NOINLINE void updateRest(Thread& thread, LineLock& lock, uptr address, size_t bytes,
                                   bool writes, RacedEntries& raced) {
  if ((address | bytes) % kWordSize == 0 &&
      replaceRun(thread, lock, address, bytes / kWordSize, writes))
    return;
  LastVerdict last;
  updateWords(thread, lock, address, bytes, writes, last, raced);
}

/// The part of an access that lies in one line.
HINDSIGHT_ALWAYS_INLINE void updateLine(Thread& thread, uptr address, size_t bytes, bool writes,
                                        RacedEntries& raced) {
  const uptr end = address + bytes;
  LineLock lock(address);
  const uptr done = writes ? updateQuickly<true>(thread, lock, address, end)
                           : updateQuickly<false>(thread, lock, address, end);
  if (HINDSIGHT_UNLIKELY(done != end)) updateRest(thread, lock, done, end - done, writes, raced);
}

HINDSIGHT_ALWAYS_INLINE bool lineIsRecorded(const Thread& thread, uptr address, size_t bytes,
                                            bool writes) {
  if (HINDSIGHT_LIKELY((address | bytes) % 8 == 0)) {
    const Cell own = currentCell(thread);
    const u64 both = static_cast<u64>(own) << 32 | own;
    const Cell* cell = writes ? writeCell(address) : readCell(address, thread.read_group);
    u64 difference = 0;
    for (size_t done = 0; done < bytes; done += 8, cell += 2) {
      u64 seen;
      __builtin_memcpy(&seen, cell, sizeof(seen));
      difference |= seen ^ both;
    }
    if (difference == 0) return true;
  }
  for (uptr at = address; at < address + bytes;) {
    const size_t part = min(kWordSize - at % kWordSize, address + bytes - at);
    if (!wordIsRecorded(thread, at, maskFor(at, part), writes)) return false;
    at += part;
  }
  return true;
}

HINDSIGHT_ALWAYS_INLINE bool updateAlikeWords(UniformLines& alike, uptr line) {
  LineLock lock(line);
  return alike.update(lock, line);
}

/// The general rule for an access within a line whose event is in history.
HINDSIGHT_NOINLINE void updateLogged(Thread& thread, uptr address, size_t bytes, bool writes,
                                     const AccessSite& site) {
  RacedEntries raced;
  updateLine(thread, address, bytes, writes, raced);
  if (HINDSIGHT_UNLIKELY(!raced.empty()))
    reportAccess(thread, address, bytes, writes, false, site, roundDown(address, kLineSize), raced);
}

}  // namespace

void RangeAccess::log() {
  if (logged_) return;
  logged_ = true;
  logAccess(thread_.history, site_.top, thread_.clock.own(), site_.event, address_,
            site_.event == EventType::Group ? bytes_ / kWordSize : bytes_,
            writes_ ? Kind::Write : Kind::Read, site_.pc, site_.components);
}

void RangeAccess::check(uptr begin, uptr end) {
  UniformLines alike(thread_, writes_);
  for (uptr at = begin; at < end;) {
    const size_t part = min(kLineSize - at % kLineSize, end - at);
    if (!lineIsRecorded(thread_, at, part, writes_)) {
      const bool record_hit =
          !is_free_ && lineHasRecord(at) &&
          ownEntryCovers(at, part, currentCell(thread_), writes_ ? Kind::Write : Kind::Read);
      if (!record_hit) {
        log();
        RacedEntries raced;
        if (part != kLineSize || !updateAlikeWords(alike, at))
          updateLine(thread_, at, part, writes_, raced);
        if (HINDSIGHT_UNLIKELY(!raced.empty()))
          reportAccess(thread_, address_, bytes_, writes_, is_free_, site_,
                       roundDown(at, kLineSize), raced);
      }
    }
    at += part;
  }
}

namespace {

HINDSIGHT_NOINLINE void checkRange(Thread& thread, uptr address, size_t bytes, bool writes,
                                   bool is_free, const AccessSite& site) {
  RangeAccess(thread, address, bytes, writes, site, is_free).check(address, address + bytes);
}

}  // namespace

namespace {

/// An access that is not to be checked, or to memory by another name.
HINDSIGHT_NOINLINE void checkRareAccess(Thread& thread, uptr address, size_t bytes, bool writes,
                                        const AccessSite& site) {
  if (findStandIn(address)) return checkAccess(thread, address, bytes, writes, site);
  if (isAlone(thread) && bytes != 0 && isApplication(address, bytes)) forgetPast(address, bytes);
}

}  // namespace

void checkAccess(Thread& thread, uptr address, size_t bytes, bool writes, const AccessSite& site) {
  if (HINDSIGHT_UNLIKELY(bytes == 0 || !isApplication(address, bytes) ||
                         thread.ignore_reads_writes != 0))
    return checkRareAccess(thread, address, bytes, writes, site);
  if (HINDSIGHT_UNLIKELY(bytes > kLineSize - address % kLineSize || bytes > 16))
    return checkRange(thread, address, bytes, writes, false, site);
  if (address % kWordSize + bytes <= kWordSize) {
    const u32 mask = maskFor(address, bytes);
    if (wordIsRecorded(thread, address, mask, writes)) return;
  } else if (lineIsRecorded(thread, address, bytes, writes)) {
    return;
  }
  if (HINDSIGHT_UNLIKELY(lineHasRecord(address)) &&
      ownEntryCovers(address, bytes, currentCell(thread), writes ? Kind::Write : Kind::Read))
    return;
  logAccess(thread.history, site.top, thread.clock.own(), site.event, address,
            site.event == EventType::Group ? bytes / kWordSize : bytes,
            writes ? Kind::Write : Kind::Read, site.pc, site.components);
  updateLogged(thread, address, bytes, writes, site);
}

namespace {

/// Whether these cells, 8 bytes aligned, are all in the past. `some`: and not all of them are
/// empty.
HINDSIGHT_ALWAYS_INLINE bool pairsArePast(const Thread& thread, const Cell* cells, size_t pairs,
                                          bool& some) {
  const auto* pair = reinterpret_cast<const CellPair*>(cells);
  u64 last = 0;
  some = false;
  for (size_t i = 0; i < pairs; ++i) {
    if (pair[i] == last) continue;
    last = pair[i];
    some = true;
    if (!arePast(thread, last)) return false;
  }
  return true;
}

/// Pairs of words of a locked line are given back, if their cells hold nothing but the past: all
/// that is left of it is a write to all of them. False: the general rule has to be asked.
HINDSIGHT_ALWAYS_INLINE bool freePairs(const Thread& thread, u32 line_value, uptr address,
                                       size_t pairs) {
  const size_t bytes = pairs * 2 * kWordSize;
  if (HINDSIGHT_UNLIKELY(!haveNothingBeside(line_value, address, bytes)) &&
      !judgeBeside(*recordOf(line_value), lineBytes(address, bytes), Kind::Write, thread.clock))
    return false;
  bool some;
  if (!pairsArePast(thread, writeCell(address), pairs, some)) return false;
  u32 used = 0;
  for (u32 groups = groupsOf(line_value); groups != 0; groups &= groups - 1) {
    if (!pairsArePast(thread, readCell(address, static_cast<u32>(__builtin_ctz(groups))), pairs,
                      some))
      return false;
    if (some) used |= groups & -groups;
  }
  // No marks in the read cells: nobody reads there soon, and the next to own the block finds them
  // empty.
  for (; used != 0; used &= used - 1)
    fillPairs(readCell(address, static_cast<u32>(__builtin_ctz(used))), pairs, kEmptyCell);
  fillPairs(writeCell(address), pairs, currentCell(thread));
  return true;
}

/// The general rule for a part of a block that is given back.
HINDSIGHT_NOINLINE void freeSlowly(Thread& thread, uptr at, size_t part, uptr block, size_t bytes,
                                   const AccessSite& site) {
  RacedEntries raced;
  updateLine(thread, at, part, true, raced);
  if (HINDSIGHT_UNLIKELY(!raced.empty()))
    reportAccess(thread, block, bytes, true, true, site, roundDown(at, kLineSize), raced);
}

/// checkRange for a small block, whose cells up to `end_of_pairs` are taken as pairs.
HINDSIGHT_ALWAYS_INLINE void freeSmall(Thread& thread, uptr block, size_t bytes,
                                       const AccessSite& site, uptr end_of_pairs) {
  bool logged = false;
  const uptr end = block + bytes;
  for (uptr at = block, next; at < end; at = next) {
    next = min(roundDown(at, kLineSize) + kLineSize, end);
    if (!logged)
      logAccess(thread.history, site.top, thread.clock.own(), EventType::Free, block, bytes,
                Kind::Write, site.pc);
    logged = true;
    u32* const line = lineWord(at);
    u32 line_value;
    bool done = false;
    uptr pairs_end = min(roundDown(at, kLineSize) + kLineSize, end_of_pairs);
    if (HINDSIGHT_LIKELY(lockQuickly(line, line_value))) {
      done = freePairs(thread, line_value, at, (pairs_end - at) / (2 * kWordSize));
      if (done && pairs_end - at == kLineSize)
        line_value &= ~(groupMark(kReadGroups) - groupMark(0));
      unlockQuickly(line, done ? line_value | thread.group_mark : line_value);
    }
    if (!done) pairs_end = at;
    if (HINDSIGHT_UNLIKELY(pairs_end < next))
      freeSlowly(thread, pairs_end, next - pairs_end, block, bytes, site);
  }
}

constexpr size_t kSmallBlock = 512;

}  // namespace

void checkFree(Thread& thread, uptr address, size_t bytes, const AccessSite& site,
               bool owns_pairs) {
  if (bytes == 0 || !isApplication(address, bytes) || isAlone(thread)) return;
  ++thread.resets;  // what it has remembered of the memory's spans is void
  if (HINDSIGHT_UNLIKELY(thread.ignore_reads_writes != 0)) return;
  constexpr size_t kPair = 2 * kWordSize;
  if (HINDSIGHT_LIKELY(bytes <= kSmallBlock && address % kPair == 0)) {
    const uptr end = address + bytes;
    return freeSmall(thread, address, bytes, site,
                     owns_pairs ? roundUp(end, kPair) : roundDown(end, kPair));
  }
  AccessSite free_site = site;
  free_site.event = EventType::Free;
  checkRange(thread, address, bytes, true, true, free_site);
}

bool checkAtomicSlow(Thread& thread, LineLock& lock, uptr address, size_t bytes, Kind kind,
                     RacedEntries& raced, const AccessSite* unlogged) {
  LineRecord& record = lock.needRecord();
  const uptr line = roundDown(address, kLineSize);
  spillWords(record, line, wordsOf(address, bytes), lock.groups());
  if (unlogged != nullptr)
    logAccess(thread.history, unlogged->top, thread.clock.own(), EventType::Access, address, bytes,
              kind, unlogged->pc);
  return recordAccess(record, line, lineBytes(address, bytes), currentCell(thread),
                      thread.read_group, kind, thread.clock, raced);
}

}  // namespace hindsight
