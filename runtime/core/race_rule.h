// race_rule.h - the race rule: cells x access x clock -> verdict. Pure; no globals, no threads.
//
// FastTrack [Flanagan & Freund, PLDI 2009] on words with byte masks:
//   * an access races with a recorded one that conflicts (shares a byte, one of them writes, not
//     both atomic), unless the recorded one happened before it;
//   * afterwards it replaces what it makes redundant: a recorded access that happened before it
//     and that conflicts with nothing the new one does not conflict with.
//
// Two spellings of the rule live here: for the two cells of a word (the common road) and for the
// exact access list of a line. tests/model holds both equal to a naive oracle.
#pragma once

#include "base/types.h"
#include "core/cell.h"
#include "core/vector_clock.h"

namespace hindsight {

/// Bit 0: writes. Bit 1: atomic.
enum class Kind : u8 { Read = 0, Write = 1, AtomicRead = 2, AtomicWrite = 3 };

constexpr bool isWrite(Kind kind) { return (static_cast<u8>(kind) & 1) != 0; }
constexpr bool isAtomic(Kind kind) { return (static_cast<u8>(kind) & 2) != 0; }
constexpr bool conflict(Kind a, Kind b) {
  return (isWrite(a) || isWrite(b)) && !(isAtomic(a) && isAtomic(b));
}
/// Whatever conflicts with `weak` conflicts with `strong` too.
constexpr bool covers(Kind strong, Kind weak) {
  if (strong == Kind::Write) return true;
  if (isWrite(weak) && !isWrite(strong)) return false;
  return isAtomic(weak) || !isAtomic(strong);
}
static_assert(covers(Kind::Read, Kind::AtomicRead) && !covers(Kind::AtomicWrite, Kind::Read));
static_assert(!covers(Kind::Read, Kind::AtomicWrite) &&
              covers(Kind::AtomicWrite, Kind::AtomicRead));

/// A read cell with the write's stamp is the mark a write leaves, not a read of its own.
constexpr bool isMark(Cell read, Cell write) {
  return sameStamp(read, write) && (maskOf(read) & ~maskOf(write)) == 0;
}

/// What the shadow says about one word and what it should say after an access.
struct WordVerdict {
  Cell read;  // new cells, unless `spill`
  Cell write;
  Cell raced_write;  // the recorded write it races with, mask = the common bytes; 0 if none
  Cell raced_read;   // and the read
  bool spill;        // two cells cannot hold the result: leave what was there behind (core/line.h)

  bool races() const { return (raced_write | raced_read) != 0; }
};

/// The rule for one plain access of `own`'s thread to the bytes `maskOf(own)` of a word whose
/// cells are `read` and `write`, neither of them spilled.
HINDSIGHT_ALWAYS_INLINE WordVerdict judgeWord(Cell read, Cell write, Cell own, bool writes,
                                              const ThreadClock& clock) {
  WordVerdict verdict{read, write, 0, 0, false};
  const u32 mask = maskOf(own);
  const bool saw_write = maskOf(write) == 0 || sameStamp(write, own) || clock.knows(stampOf(write));
  const bool read_is_mark = isMark(read, write);
  const bool saw_read =
      maskOf(read) == 0 || read_is_mark || sameStamp(read, own) || clock.knows(stampOf(read));
  if (!saw_write && (maskOf(write) & mask) != 0)
    verdict.raced_write = withMask(write, maskOf(write) & mask);
  if (writes) {
    if (!saw_read && (maskOf(read) & mask) != 0)
      verdict.raced_read = withMask(read, maskOf(read) & mask);
    if (sameStamp(write, own))
      verdict.write = withMask(own, mask | maskOf(write));
    else if ((maskOf(write) & ~mask) == 0)
      verdict.write = own;
    else
      verdict.spill = true;  // other bytes of the word were last written in another epoch
    // A whole word gets a mark only where there are reads: what is written and never read has no
    // read cells. Bytes mostly are read soon.
    if (maskOf(read) == 0 && mask == kFullMask)
      verdict.read = kEmptyCell;
    else if (sameStamp(read, own))
      verdict.read = withMask(own, mask | maskOf(read));
    else if ((maskOf(read) & ~mask) == 0 || read_is_mark)
      verdict.read = own;
    else
      verdict.read = withMask(read, maskOf(read) & ~mask);
    return verdict;
  }
  // What the thread has written in this epoch gets its mark now.
  const u32 written = sameStamp(write, own) ? maskOf(write) : 0;
  if (sameStamp(read, own))
    verdict.read = withMask(own, mask | written | maskOf(read));
  else if (read_is_mark || (saw_read && (maskOf(read) & ~(mask | written)) == 0))
    verdict.read = withMask(own, mask | written);
  else
    verdict.spill = true;  // concurrent readers, or other bytes read in another epoch
  return verdict;
}

}  // namespace hindsight
