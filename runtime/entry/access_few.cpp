#include "entry/quick_few.h"

#include "core/line.h"
#include "entry/past.h"
#include "entry/quick_access.h"

namespace hindsight {
namespace {

/// Whether the address and as many bytes as a line has behind it have cells.
HINDSIGHT_ALWAYS_INLINE bool hasRoomBehind(uptr address) {
  const AddressLayout& in = address_layout;
  return HINDSIGHT_LIKELY(address - in.high_begin < in.high_end - in.high_begin - kLineSize) ||
         HINDSIGHT_LIKELY(address - in.low_begin < in.low_end - in.low_begin - kLineSize);
}

/// The cells of the words that an access touches, some of them in the next line.
struct Few {
  Cell* read;
  Cell* write;
  u32 last;                   // index of the last word
  u32 first_mask, last_mask;  // the bytes that are touched of the words at the ends, if those are two

  u32 maskOfWord(u32 index) const {
    return (index == 0 ? first_mask : kFullMask) & (index == last ? last_mask : kFullMask);
  }
};

HINDSIGHT_ALWAYS_INLINE Few fewAt(const Thread& thread, uptr address, size_t bytes) {
  const uptr end = address + bytes;
  return {readCell(address, thread.read_group), writeCell(address),
          static_cast<u32>((roundDown(end - 1, kWordSize) - roundDown(address, kWordSize)) / kWordSize),
          kFullMask << address % kWordSize & kFullMask, kFullMask >> (-end % kWordSize)};
}

/// Whether a cell says that the bytes `mask` of its word were recorded in the current epoch.
HINDSIGHT_ALWAYS_INLINE bool holds(Cell cell, Cell own, u32 mask) {
  return ((cell ^ own) & (~kFullMask | mask)) == 0;
}

/// Whether the thread has recorded all of it in its current epoch.
HINDSIGHT_ALWAYS_INLINE bool areRecorded(const Few& few, const Cell* cells, Cell own) {
  if (!holds(cells[0], own, few.maskOfWord(0)) || !holds(cells[few.last], own, few.maskOfWord(few.last)))
    return false;
  for (u32 i = 1; i < few.last; ++i)
    if (cells[i] != own) return false;
  return true;
}

/// Whether these cells hold nothing but the past; neighbours mostly are equal.
HINDSIGHT_ALWAYS_INLINE bool runIsPast(const Thread& thread, const Cell* cells, u32 last, Cell& known) {
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
  HINDSIGHT_ALWAYS_INLINE void release(u32 mark) {
    if (HINDSIGHT_UNLIKELY(two_)) unlockQuickly(words_ + 1, values_[1] | mark);
    unlockQuickly(words_, values_[0] | mark);
  }

 private:
  u32* const words_;
  u32 values_[2] = {0, 0};
  const bool two_;
  bool held_ = false;
};

/// What other groups have read of the words, for a write: gone if all of it is in the past. If it is not,
/// the write races, and nothing changes.
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS bool clearOthers(const Thread& thread, uptr address,
                                                              const Few& few, u32 others) {
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

/// What a word at an end is to become.
struct End {
  Cell read, write;
};

/// False: something has to be left behind.
template <bool kWrites>
HINDSIGHT_ALWAYS_INLINE bool judgeEnd(const Thread& thread, const Few& few, u32 index, End& end) {
  end = {few.read[index], few.write[index]};
  const u32 mask = few.maskOfWord(index);
  if (mask == kFullMask) {
    const Cell own = currentCell(thread);
    if (kWrites) end.write = own;
    if (!kWrites || end.read != kEmptyCell) end.read = own;
    return true;
  }
  Cell left = kEmptyCell;
  judgeBytes<kWrites>(thread, mask, end.read, end.write, left);
  return left == kEmptyCell;
}

// Stores that change nothing would give memory to untouched pages of shadow.
template <bool kWrites>
HINDSIGHT_ALWAYS_INLINE void storeEnd(const Few& few, u32 index, const End& end) {
  if (end.read != few.read[index]) __atomic_store_n(few.read + index, end.read, __ATOMIC_RELAXED);
  if (kWrites) __atomic_store_n(few.write + index, end.write, __ATOMIC_RELAXED);
}

}  // namespace

template <bool kWrites>
bool quickFew(Thread& thread, const uptr* top, uptr address, size_t bytes, uptr pc) {
  if (HINDSIGHT_UNLIKELY(bytes > kFewBytes || thread.ignore_reads_writes != 0 || !hasRoomBehind(address)))
    return false;
  const Few few = fewAt(thread, address, bytes);
  const Cell own = currentCell(thread);
  if (areRecorded(few, kWrites ? few.write : few.read, own)) return true;
  HistoryPart* const part = prepareQuickly<1>(thread, top, address);
  if (HINDSIGHT_UNLIKELY(part == nullptr)) return false;
  FewLines lines(address, bytes);
  if (HINDSIGHT_UNLIKELY(!lines.areHeld())) return false;
  Cell known = kEmptyCell;
  End first, last;
  const u32 others = lines.groups() & ~(1u << thread.read_group);
  if (HINDSIGHT_UNLIKELY(!runIsPast(thread, few.write, few.last, known) ||
                         !runIsPast(thread, few.read, few.last, known) ||
                         !lines.haveNothingBeside(address, bytes) ||
                         !judgeEnd<kWrites>(thread, few, 0, first) ||
                         !judgeEnd<kWrites>(thread, few, few.last, last) ||
                         (kWrites && others != 0 && !clearOthers(thread, address, few, others)))) {
    lines.release(0);
    return false;
  }
  // The event must be there before the cells are.
  appendAccess(*part, part->used, address, bytes, kWrites ? Kind::Write : Kind::Read, pc);
  storeEnd<kWrites>(few, 0, first);
  for (u32 i = 1; i < few.last; ++i) {
    if (kWrites) __atomic_store_n(few.write + i, own, __ATOMIC_RELAXED);
    if (!kWrites || few.read[i] != kEmptyCell) __atomic_store_n(few.read + i, own, __ATOMIC_RELAXED);
  }
  if (few.last != 0) storeEnd<kWrites>(few, few.last, last);
  lines.release(thread.group_mark);
  return true;
}

template HINDSIGHT_KEEPS_REGISTERS bool quickFew<false>(Thread&, const uptr*, uptr, size_t, uptr);
template HINDSIGHT_KEEPS_REGISTERS bool quickFew<true>(Thread&, const uptr*, uptr, size_t, uptr);

}  // namespace hindsight
