#include "entry/quick_few.h"

#include "core/line.h"
#include "entry/past.h"
#include "entry/quick_access.h"

namespace hindsight {
namespace {

/// Whether these cells hold nothing but the past; neighbours mostly are equal.
HINDSIGHT_ALWAYS_INLINE bool runIsPast(const Thread& thread, const Cell* cells, u32 last,
                                       Cell& known) {
  for (u32 i = 0; i <= last; ++i) {
    if (cells[i] == known) continue;
    if (HINDSIGHT_UNLIKELY(!isPast(thread, cells[i]))) return false;
    known = cells[i];
  }
  return true;
}

/// The locks of one or two lines, or none.
class FewLines {
 public:
  HINDSIGHT_ALWAYS_INLINE FewLines(uptr address, size_t bytes)
      : words_(lineWord(address)), two_(address / kLineSize != (address + bytes - 1) / kLineSize) {
    if (!lockQuickly(words_, values_[0])) return;
    // Two lines are taken in ascending order, and not waited for (entry/block_lock.h).
    if (HINDSIGHT_UNLIKELY(two_) && !lockQuickly(words_ + 1, values_[1]))
      unlockQuickly(words_, values_[0]);
    else
      held_ = true;
  }
  bool areHeld() const { return held_; }
  u32 groups() const { return groupsOf(values_[0] | values_[1]); }
  bool haveNothingBeside(uptr address, size_t bytes) const {
    if (HINDSIGHT_LIKELY((values_[0] | values_[1]) >> kRecordShift == 0)) return true;
    const size_t here = two_ ? kLineSize - address % kLineSize : bytes;
    return hindsight::haveNothingBeside(values_[0], address, here) &&
           (!two_ || hindsight::haveNothingBeside(values_[1], address + here, bytes - here));
  }
  /// judgeBeside for the access to these bytes.
  HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS bool judgeBeside(const Thread& thread, uptr address,
                                                                size_t bytes, Kind kind) {
    const size_t here = two_ ? kLineSize - address % kLineSize : bytes;
    return judgeIn(values_[0], thread, address, here, kind) &&
           (!two_ || judgeIn(values_[1], thread, address + here, bytes - here, kind));
  }
  /// leaveBehind for a cell of the access's word `index`.
  HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS void leaveBehind(uptr address, u32 index, Cell cell,
                                                                Kind kind) {
    const uptr word = roundDown(address, kWordSize) + index * kWordSize;
    u32& value = values_[word / kLineSize - address / kLineSize];
    hindsight::leaveBehind(needRecord(value, word), cell, word % kLineSize / kWordSize, kind);
  }
  HINDSIGHT_ALWAYS_INLINE void release(u32 mark) {
    if (HINDSIGHT_UNLIKELY(two_)) unlockQuickly(words_ + 1, values_[1] | mark);
    unlockQuickly(words_, values_[0] | mark);
  }

 private:
  static bool judgeIn(u32 value, const Thread& thread, uptr address, size_t bytes, Kind kind) {
    return hindsight::haveNothingBeside(value, address, bytes) ||
           hindsight::judgeBeside(*recordOf(value), lineBytes(address, bytes), kind, thread.clock);
  }

  u32* const words_;
  u32 values_[2] = {0, 0};
  const bool two_;
  bool held_ = false;
};

/// What other groups have read of the words, for a write: gone if all of it is in the past. If it
/// is not, the write races, and nothing changes.
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS bool clearOthers(const Thread& thread, uptr address,
                                                              const FewWords& few, u32 others) {
  for (u32 group = 0; others >> group != 0; ++group) {
    Cell known = kEmptyCell;
    if ((others >> group & 1) != 0 && !runIsPast(thread, readCell(address, group), few.last, known))
      return false;
  }
  for (u32 group = 0; others >> group != 0; ++group) {
    if ((others >> group & 1) == 0) continue;
    Cell* const cells = readCell(address, group);
    for (u32 i = 0; i <= few.last; ++i) clearReads(cells + i, few.maskOfWord(i), few.write[i]);
  }
  return true;
}

/// Whether the cells of a word hold nothing but the past. `known` is a cell that does: neighbours
/// mostly are equal.
HINDSIGHT_ALWAYS_INLINE bool arePast(const Thread& thread, Cell read, Cell write, Cell& known) {
  if (write != known && HINDSIGHT_UNLIKELY(!isPast(thread, write))) return false;
  known = write;
  return read == write || HINDSIGHT_LIKELY(isPast(thread, read));
}

/// Records the part of an access that lies in a word at its beginning or end, whose lines are
/// locked. False: nothing is done.
template <bool kWrites>
HINDSIGHT_ALWAYS_INLINE bool recordPart(const Thread& thread, FewLines& lines, uptr address,
                                        const FewWords& few, u32 index, u32 mask, Cell& known) {
  Cell read = few.read[index], write = few.write[index];
  const Cell old_read = read;
  if (HINDSIGHT_UNLIKELY(!arePast(thread, read, write, known))) return false;
  if (index == few.last) mask &= few.last_mask;
  Cell left = kEmptyCell;
  if (mask != kFullMask) {
    judgeBytes<kWrites>(thread, mask, read, write, left);
  } else {
    if (kWrites) write = currentCell(thread);
    if (!kWrites || read != kEmptyCell) read = currentCell(thread);
  }
  if (HINDSIGHT_UNLIKELY(left != kEmptyCell))
    lines.leaveBehind(address, index, left, kWrites ? Kind::Write : Kind::Read);
  // A store that changes nothing would give memory to an untouched page of shadow.
  if (read != old_read) __atomic_store_n(few.read + index, read, __ATOMIC_RELAXED);
  if (kWrites) __atomic_store_n(few.write + index, write, __ATOMIC_RELAXED);
  return true;
}

/// Records an access that the thread has not recorded in its current epoch. False: the general road
/// has to go on with it; some of it may be recorded.
template <bool kWrites>
HINDSIGHT_ALWAYS_INLINE bool record(Thread& thread, const uptr* top, uptr address, size_t bytes,
                                    uptr pc, const FewWords& few) {
  constexpr Kind kKind = kWrites ? Kind::Write : Kind::Read;
  HistoryPart* const part = prepareQuickly<1>(thread, top, address);
  if (HINDSIGHT_UNLIKELY(part == nullptr)) return false;
  FewLines lines(address, bytes);
  if (HINDSIGHT_UNLIKELY(!lines.areHeld())) return false;
  const u32 others = lines.groups() & ~(1u << thread.read_group);
  // Should one of these fail, the general road will access the bytes all the same.
  if ((kWrites && HINDSIGHT_UNLIKELY(others != 0) && !clearOthers(thread, address, few, others)) ||
      (HINDSIGHT_UNLIKELY(!lines.haveNothingBeside(address, bytes)) &&
       !lines.judgeBeside(thread, address, bytes, kKind))) {
    lines.release(0);
    return false;
  }
  // The event must be there before the cells are.
  appendAccess(*part, part->used, address, bytes, kKind, pc);
  Cell known = kEmptyCell;
  bool done = recordPart<kWrites>(thread, lines, address, few, 0, few.first_mask, known);
  const Cell own = currentCell(thread);
  for (u32 i = 1; done && i < few.last; ++i) {
    const Cell read = few.read[i], write = few.write[i];
    done = arePast(thread, read, write, known);
    if (HINDSIGHT_UNLIKELY(!done)) break;
    if (kWrites) __atomic_store_n(few.write + i, own, __ATOMIC_RELAXED);
    if (!kWrites || read != kEmptyCell) __atomic_store_n(few.read + i, own, __ATOMIC_RELAXED);
  }
  if (few.last != 0 && done)
    done = recordPart<kWrites>(thread, lines, address, few, few.last, kFullMask, known);
  lines.release(thread.group_mark);
  return done;
}

}  // namespace

template <bool kWrites>
bool quickFew(Thread& thread, const uptr* top, uptr address, size_t bytes, uptr pc) {
  if (HINDSIGHT_UNLIKELY(!isFew(thread, address, bytes))) return false;
  const FewWords few(thread, address, bytes);
  return few.areRecorded<kWrites>(thread) || record<kWrites>(thread, top, address, bytes, pc, few);
}

template <bool kWrites>
bool recordFew(Thread& thread, const uptr* top, uptr address, size_t bytes, uptr pc) {
  return record<kWrites>(thread, top, address, bytes, pc, FewWords(thread, address, bytes));
}

template HINDSIGHT_KEEPS_REGISTERS bool quickFew<false>(Thread&, const uptr*, uptr, size_t, uptr);
template HINDSIGHT_KEEPS_REGISTERS bool quickFew<true>(Thread&, const uptr*, uptr, size_t, uptr);
template bool recordFew<false>(Thread&, const uptr*, uptr, size_t, uptr);
template bool recordFew<true>(Thread&, const uptr*, uptr, size_t, uptr);

}  // namespace hindsight
