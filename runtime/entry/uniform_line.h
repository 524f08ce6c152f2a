// uniform_line.h - the rule for a whole line at once, when its words all have the same past.
//
// That is how arrays look: the last loop over them left the same cell in every word. One verdict
// then holds for all of them, and storing it is a run of wide stores. Whatever is not uniform,
// races or needs the line's record is left to the general rule, with nothing changed.
#pragma once

#include "core/line.h"
#include "core/race_rule.h"
#include "threads/thread.h"

namespace hindsight {

inline constexpr u32 kPairsPerLine = kLineSize / kWordSize / 2;

/// True if all cells of a line are the same; `cell` is that one.
HINDSIGHT_ALWAYS_INLINE bool sameInLine(const Cell* cells, Cell& cell) {
  u64 pairs[kPairsPerLine];
  __builtin_memcpy(pairs, cells, sizeof(pairs));
  cell = *cells;
  const u64 wanted = static_cast<u64>(cell) << 32 | cell;
  u64 difference = 0;
  for (const u64 pair : pairs) difference |= pair ^ wanted;
  return difference == 0;
}

HINDSIGHT_ALWAYS_INLINE void fillLine(Cell* cells, Cell cell) {
  const u64 wanted = static_cast<u64>(cell) << 32 | cell;
  for (size_t pair = 0; pair < kPairsPerLine; ++pair)
    __builtin_memcpy(cells + 2 * pair, &wanted, sizeof(wanted));
}

/// Judges lines whose words are alike, and remembers the last verdict: the next line mostly has the
/// same cells. For one thread within one epoch.
class UniformLines {
 public:
  UniformLines(const Thread& thread, bool writes) : thread_(thread), writes_(writes) {}

  /// Records the access to the whole line at `line`. False: nothing was done.
  HINDSIGHT_ALWAYS_INLINE bool update(LineLock& lock, uptr line) {
    Cell* const read = readCell(line, thread_.read_group);
    Cell* const write = writeCell(line);
    Cell old_read, old_write;
    if (!sameInLine(write, old_write) || !sameInLine(read, old_read)) return false;
    if (HINDSIGHT_UNLIKELY(lock.leftBehind() != 0)) return false;
    if (old_read != read_ || old_write != write_) {
      if (old_write == kSpilledCell) return false;
      verdict_ = judgeWord(old_read, old_write, currentCell(thread_), writes_, thread_.clock);
      read_ = old_read;
      write_ = old_write;
    }
    if (HINDSIGHT_UNLIKELY(verdict_.spill || verdict_.races())) return false;
    if (writes_) {
      const u32 others = lock.groups() & ~(1u << thread_.read_group);
      if (HINDSIGHT_UNLIKELY(others != 0) && !overwrite(lock, line, others, old_write))
        return false;
      fillLine(write, verdict_.write);
    }
    if (verdict_.read != old_read) fillLine(read, verdict_.read);
    lock.addGroup(thread_.read_group);
    return true;
  }

 private:
  /// A write takes the place of the reads in other groups' images, if it is ordered after them. The
  /// next write need not look there.
  HINDSIGHT_NOINLINE bool overwrite(LineLock& lock, uptr line, u32 others, Cell old_write) const {
    for (u32 group = 0; others >> group != 0; ++group) {
      Cell seen;
      if ((others >> group & 1) == 0) continue;
      if (!sameInLine(readCell(line, group), seen)) return false;
      if (maskOf(seen) != 0 && !isMark(seen, old_write) && !thread_.clock.knows(stampOf(seen)))
        return false;
    }
    for (u32 group = 0; others >> group != 0; ++group)
      if ((others >> group & 1) != 0 && *readCell(line, group) != kEmptyCell)
        fillLine(readCell(line, group), kEmptyCell);
    lock.clearGroups();
    return true;
  }

  const Thread& thread_;
  const bool writes_;
  Cell read_ = kSpilledCell;  // no read cell ever is
  Cell write_ = kSpilledCell;
  WordVerdict verdict_{};
};

}  // namespace hindsight
