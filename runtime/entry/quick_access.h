// quick_access.h - the slow access as it mostly is, in few instructions and fewer registers.
//
// One or two whole words, or bytes of one word; there is room in history; nobody holds the line;
// its cells hold nothing but the past, and the access takes their place. Whatever else there is,
// entry/access.cpp does, which is the reference: tests/model holds both equal.
//
// The address is one that an inline test has let through: its cells were read, so it has cells.
//
// Nothing here calls a function that does not keep all general registers, so that the entry points
// (entry/access_abi.cpp) save only those that are used below.
#pragma once

#include "core/line.h"
#include "entry/access.h"
#include "entry/past.h"
#include "threads/thread.h"

namespace hindsight {

/// Asks for the cache lines that a slow access touches: the lock of the line would let nothing
/// behind it begin before it is there, and the program waits for the check with its own access.
template <bool kWrites>
HINDSIGHT_ALWAYS_INLINE void prefetchAccess(uptr address) {
  prefetchForWrite(lineWord(address));
  if constexpr (kWrites) {
    prefetchForWrite(writeCell(address));
    prefetchForWrite(reinterpret_cast<const void*>(address));
  } else {
    prefetchForRead(writeCell(address));
    prefetchForRead(reinterpret_cast<const void*>(address));
  }
}

/// The cells of one or two words as one integer.
template <u32 kBytes>
struct QuickCells {
  using Type = u32;
};
template <>
struct QuickCells<8> {
  using Type = u64;
};

/// A write to the bytes `mask` of a word takes the place of what a read cell says of them. `write`
/// is the word's write cell as it was. A store that changes nothing would give memory to an
/// untouched page.
HINDSIGHT_ALWAYS_INLINE void clearReads(Cell* read, u32 mask, Cell write) {
  const Cell seen = *read;
  if (seen == kEmptyCell) return;
  const u32 rest = isMark(seen, write) ? 0 : maskOf(seen) & ~mask;
  __atomic_store_n(read, rest == 0 ? kEmptyCell : withMask(seen, rest), __ATOMIC_RELAXED);
}

/// Read cells of other groups' images, for a write to whole words: emptied if all are in the past;
/// if not, the write races, and nothing changes.
template <class Cells>
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS bool clearGroups(const Thread& thread, uptr address,
                                                              u32 groups) {
  u32 used = 0;
  for (u32 group = 0; groups >> group != 0; ++group) {
    if ((groups >> group & 1) == 0) continue;
    Cells seen;
    __builtin_memcpy(&seen, readCell(address, group), sizeof(Cells));
    if (seen == 0) continue;
    if (!isPast(thread, static_cast<Cell>(seen)) ||
        (sizeof(Cells) == 8 && !isPast(thread, static_cast<Cell>(seen >> 16 >> 16))))
      return false;
    used |= 1u << group;
  }
  for (u32 group = 0; used >> group != 0; ++group)
    if ((used >> group & 1) != 0) __builtin_memset(readCell(address, group), 0, sizeof(Cells));
  return true;
}

/// The same for a write to the bytes `mask` of one word, whose write cell is `write`.
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS inline bool clearGroupBytes(const Thread& thread,
                                                                         uptr address, u32 groups,
                                                                         u32 mask, Cell write) {
  for (u32 group = 0; groups >> group != 0; ++group)
    if ((groups >> group & 1) != 0 && !isPast(thread, *readCell(address, group))) return false;
  for (u32 group = 0; groups >> group != 0; ++group)
    if ((groups >> group & 1) != 0) clearReads(readCell(address, group), mask, write);
  return true;
}

/// The thread reads in a line what it has written in this epoch: all it has written there gets its
/// mark, so that the next reads find it.
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS inline void markOwnWords(uptr address, u32 group,
                                                                      Cell own) {
  const uptr line = roundDown(address, kLineSize);
  Cell* const read = readCell(line, group);
  const Cell* const write = writeCell(line);
  for (u32 i = 0; i < kLineSize / kWordSize; ++i)
    if (write[i] == own && read[i] == kEmptyCell) __atomic_store_n(read + i, own, __ATOMIC_RELAXED);
}

/// Judges an access to one or two whole words whose line is locked; `read` and `write` are their
/// cells as they are and then as they are to be. False: ask the general rule (judgeWord).
template <bool kWrites, class Cells>
HINDSIGHT_ALWAYS_INLINE bool judgeWords(const Thread& thread, uptr address, u32 others, Cells& read,
                                        Cells& write) {
  const Cell own_cell = currentCell(thread);
  Cells own = own_cell;
  if constexpr (sizeof(Cells) == 8) own = static_cast<Cells>(own << 16 << 16) | own_cell;
  if constexpr (kWrites) {
    if (HINDSIGHT_UNLIKELY(others != 0) && !clearGroups<Cells>(thread, address, others))
      return false;
    write = own;
    if (read != 0) read = own;
  } else {
    if (HINDSIGHT_UNLIKELY(write == own)) markOwnWords(address, thread.read_group, own_cell);
    read = own;
  }
  return true;
}

/// The same for the bytes `mask` of one word. `left`: what has to be left behind, disjoint from
/// `mask`.
template <bool kWrites>
HINDSIGHT_ALWAYS_INLINE void judgeBytes(const Thread& thread, u32 mask, Cell& read, Cell& write,
                                        Cell& left) {
  const Cell own = makeCell(thread.stamp, mask);
  const bool read_is_mark = isMark(read, write);
  const u32 written = sameStamp(write, own) ? maskOf(write) : 0;
  if constexpr (kWrites) {
    if (written == 0) left = withMask(write, maskOf(write) & ~mask);
    write = own | written;
    if (sameStamp(read, own))
      read |= mask;
    else if ((maskOf(read) & ~mask) == 0 || read_is_mark)
      read = own;
    else
      read = withMask(read, maskOf(read) & ~mask);
  } else {
    if (sameStamp(read, own)) {
      read |= mask | written;
    } else {
      if (!read_is_mark) left = withMask(read, maskOf(read) & ~(mask | written));
      read = own | written;
    }
  }
  if (maskOf(left) == 0) left = kEmptyCell;
}

/// Whether an access is one to whole words of one line, or within one word.
template <u32 kBytes>
HINDSIGHT_ALWAYS_INLINE bool isInQuickWords(uptr address) {
  if (kBytes >= kWordSize && HINDSIGHT_UNLIKELY(address % kWordSize != 0)) return false;
  if (kBytes > kWordSize && HINDSIGHT_UNLIKELY(address % kLineSize > kLineSize - kBytes))
    return false;
  return kBytes != 2 || HINDSIGHT_LIKELY(address % kWordSize != 3);
}

/// Where the event of an access goes; null: the general road has to be taken.
template <u32 kBytes>
HINDSIGHT_ALWAYS_INLINE HistoryPart* prepareQuickly(Thread& thread, const uptr* top, uptr address) {
  History& history = thread.history;
  if (HINDSIGHT_UNLIKELY(history.plain_top != top) ||
      HINDSIGHT_UNLIKELY((top[-1] & kLoggedFrame) == 0)) {
    if (thread.ignore_reads_writes != 0) return nullptr;  // plain_top is null then (noQuickAccess)
    if (!logReturnShortly(history, top, thread.clock.own()) &&
        !logContextShortly(history, top, thread.clock.own()))
      return nullptr;
  }
  if (HINDSIGHT_UNLIKELY(history.last->used > kPartWords - 2)) return nullptr;
  if (!isInQuickWords<kBytes>(address)) return nullptr;
  return history.last;
}

/// Tries to lock the line: whether it did, and the line word then.
HINDSIGHT_ALWAYS_INLINE bool lockQuickly(u32* line, u32& value) {
  // pairs with: the release of the line's last holder
  if (HINDSIGHT_UNLIKELY((__atomic_fetch_or(line, 1u, __ATOMIC_ACQUIRE) & 1) != 0)) return false;
  value = __atomic_load_n(line, __ATOMIC_RELAXED) & ~1u;
  lockBeforeChanges();
  return true;
}
HINDSIGHT_ALWAYS_INLINE void unlockQuickly(u32* line, u32 value) {
  __atomic_store_n(line, value, __ATOMIC_RELEASE);  // pairs with: the next holder
}

HINDSIGHT_ALWAYS_INLINE LineRecord* recordOf(u32 line_value) {
  return HINDSIGHT_LIKELY(line_value >> kRecordShift == 0)
             ? nullptr
             : record_region + (line_value >> kRecordShift);
}
/// Whether cells are all there is to know of the words.
HINDSIGHT_ALWAYS_INLINE bool haveNothingBeside(u32 line_value, uptr address, size_t bytes) {
  return HINDSIGHT_LIKELY(line_value >> kRecordShift == 0) ||
         (record_region[line_value >> kRecordShift].left_behind & wordsOf(address, bytes)) == 0;
}

/// Judges an access to `bytes`, in the word of `address`, by what lies beside the word's cell, and
/// leaves `left` behind. False: ask the general rule.
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS inline bool goBeside(const Thread& thread,
                                                                  u32& line_value, uptr address,
                                                                  u64 bytes, Kind kind, Cell left) {
  LineRecord& record = needRecord(line_value, address);
  if (!judgeBeside(record, bytes, kind, thread.clock)) return false;
  leaveBehind(record, left, address % kLineSize / kWordSize, kind);
  return true;
}

/// The read cell that the calling thread's accesses of a word go to.
HINDSIGHT_ALWAYS_INLINE Cell* ownReadCell(uptr address) {
  return reinterpret_cast<Cell*>(roundDown(address, kWordSize) +
                                 static_cast<uptr>(__hindsight_tls.read_offset));
}

/// Records an access of kBytes (1, 2, 4 or 8) bytes at `address`. False: nothing has changed, the
/// general road has to be taken. The caller is inside the runtime.
template <u32 kBytes, bool kWrites>
HINDSIGHT_ALWAYS_INLINE bool quickAccess(Thread& thread, const uptr* top, uptr address, uptr pc) {
  using Cells = typename QuickCells<kBytes>::Type;
  constexpr Kind kKind = kWrites ? Kind::Write : Kind::Read;
  HistoryPart* const part = prepareQuickly<kBytes>(thread, top, address);
  u32* const line = lineWord(address);
  u32 line_value;
  if (HINDSIGHT_UNLIKELY(part == nullptr) || !lockQuickly(line, line_value)) return false;
  auto* const read_at = reinterpret_cast<Cells*>(ownReadCell(address));
  auto* const write_at = reinterpret_cast<Cells*>(writeCell(address));
  Cells read, write;
  __builtin_memcpy(&read, read_at, sizeof(Cells));
  __builtin_memcpy(&write, write_at, sizeof(Cells));
  const Cells old_read = read;
  const u32 others = groupsOf(line_value & ~thread.group_mark);
  bool done = HINDSIGHT_LIKELY(arePast(thread, write)) &&
              (read == write || HINDSIGHT_LIKELY(arePast(thread, read)));
  if constexpr (kBytes >= kWordSize) {
    // Should what follows fail, the general road will access these words all the same.
    done = done &&
           (haveNothingBeside(line_value, address, kBytes) ||
            goBeside(thread, line_value, address, lineBytes(address, kBytes), kKind, kEmptyCell)) &&
           judgeWords<kWrites>(thread, address, others, read, write);
  } else {
    const u32 mask = ((1u << kBytes) - 1) << (address % kWordSize);
    Cell left = kEmptyCell;
    // Should one of these fail, the general road will access these bytes all the same.
    if (kWrites && HINDSIGHT_UNLIKELY(others != 0))
      done = done && clearGroupBytes(thread, address, others, mask, write);
    judgeBytes<kWrites>(thread, mask, read, write, left);
    if (done &&
        HINDSIGHT_UNLIKELY(left != kEmptyCell || !haveNothingBeside(line_value, address, kBytes)))
      done = goBeside(thread, line_value, address, lineBytes(address, kBytes), kKind, left);
  }
  if (HINDSIGHT_UNLIKELY(!done)) {
    unlockQuickly(line, line_value);
    return false;
  }
  // The event must be there before the cell is.
  appendAccess(*part, part->used, address, kBytes, kKind, pc);
  if (kWrites) __builtin_memcpy(write_at, &write, sizeof(Cells));
  if (!kWrites || read != old_read) __builtin_memcpy(read_at, &read, sizeof(Cells));
  unlockQuickly(line, line_value | thread.group_mark);
  return true;
}

/// The same for 16 bytes.
template <bool kWrites>
HINDSIGHT_ALWAYS_INLINE bool quickAccess16(Thread& thread, const uptr* top, uptr address, uptr pc) {
  constexpr u32 kBytes = 16;
  HistoryPart* const part = prepareQuickly<kBytes>(thread, top, address);
  u32* const line = lineWord(address);
  u32 line_value;
  if (HINDSIGHT_UNLIKELY(part == nullptr) || !lockQuickly(line, line_value)) return false;
  Cell* const read_at = ownReadCell(address);
  Cell* const write_at = writeCell(address);
  u64 read[2], write[2];
  __builtin_memcpy(read, read_at, sizeof(read));
  __builtin_memcpy(write, write_at, sizeof(write));
  const bool done = arePast(thread, write[0]) &&
                    (write[1] == write[0] || arePast(thread, write[1])) &&
                    (read[0] == write[0] || arePast(thread, read[0])) &&
                    (read[1] == read[0] || arePast(thread, read[1])) &&
                    haveNothingBeside(line_value, address, kBytes) &&
                    (!kWrites || groupsOf(line_value & ~thread.group_mark) == 0);
  if (HINDSIGHT_UNLIKELY(!done)) {
    unlockQuickly(line, line_value);
    return false;
  }
  const u64 own = static_cast<u64>(currentCell(thread)) << 32 | currentCell(thread);
  // The event must be there before the cells are.
  appendAccess(*part, part->used, address, kBytes, kWrites ? Kind::Write : Kind::Read, pc);
  for (size_t i = 0; i < 2; ++i) {
    if (kWrites) __builtin_memcpy(write_at + 2 * i, &own, sizeof(own));
    if (!kWrites || read[i] != 0) __builtin_memcpy(read_at + 2 * i, &own, sizeof(own));
  }
  if (!kWrites && HINDSIGHT_UNLIKELY(write[0] == own || write[1] == own))
    markOwnWords(address, thread.read_group, currentCell(thread));
  unlockQuickly(line, line_value | thread.group_mark);
  return true;
}

}  // namespace hindsight
