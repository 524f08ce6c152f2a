// quick_access.h - the slow access as it mostly is, in few instructions and fewer registers.
//
// One or two whole words, or bytes of one word; there is room in history; nobody holds the line; its cells hold nothing but the past, and the access takes their place. Whatever
// else there is, entry/access.cpp does, which is the reference: tests/model holds both equal.
//
// Nothing here calls a function that does not keep all general registers, so that the entry points
// (entry/access_abi.cpp) save only those that are used below.
#pragma once

#include "core/line.h"
#include "entry/access.h"
#include "entry/past.h"
#include "threads/thread.h"

namespace hindsight {

/// The cells of one or two words as one integer.
template <u32 kBytes> struct QuickCells { using Type = u32; };
template <> struct QuickCells<8> { using Type = u64; };

/// Read cells of other groups' images, for a write to whole words: emptied if all are in the past; if
/// not, the write races, and nothing changes.
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

/// The thread reads in a line what it has written in this epoch: all it has written there gets its
/// mark, so that the next reads find it.
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS inline void markOwnWords(uptr address, u32 group, Cell own) {
  const uptr line = roundDown(address, kLineSize);
  Cell* const read = readCell(line, group);
  const Cell* const write = writeCell(line);
  for (u32 i = 0; i < kLineSize / kWordSize; ++i)
    if (write[i] == own && read[i] == kEmptyCell) __atomic_store_n(read + i, own, __ATOMIC_RELAXED);
}

/// Judges an access to one or two whole words whose line is locked; `read` and `write` are their cells as
/// they are and then as they are to be. False: ask the general rule (judgeWord).
template <bool kWrites, class Cells>
HINDSIGHT_ALWAYS_INLINE bool judgeWords(const Thread& thread, uptr address, u32 others, Cells& read,
                                        Cells& write) {
  const Cell own_cell = currentCell(thread);
  Cells own = own_cell;
  if constexpr (sizeof(Cells) == 8) own = static_cast<Cells>(own << 16 << 16) | own_cell;
  if constexpr (kWrites) {
    if (HINDSIGHT_UNLIKELY(others != 0) && !clearGroups<Cells>(thread, address, others)) return false;
    write = own;
    if (read != 0) read = own;
  } else {
    if (HINDSIGHT_UNLIKELY(write == own)) markOwnWords(address, thread.read_group, own_cell);
    read = own;
  }
  return true;
}

/// The same for the bytes `mask` of one word. `left`: what has to be left behind, disjoint from `mask`.
template <bool kWrites>
HINDSIGHT_ALWAYS_INLINE bool judgeBytes(const Thread& thread, u32 mask, u32 others, Cell& read,
                                        Cell& write, Cell& left) {
  const Cell own = makeCell(thread.stamp, mask);
  const bool read_is_mark = isMark(read, write);
  const u32 written = sameStamp(write, own) ? maskOf(write) : 0;
  if constexpr (kWrites) {
    if (HINDSIGHT_UNLIKELY(others != 0)) return false;
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
  return true;
}

/// Records an access of kBytes (1, 2, 4 or 8) bytes at `address`. False: nothing has changed, the
/// general road has to be taken. The caller is inside the runtime.
template <u32 kBytes, bool kWrites>
HINDSIGHT_ALWAYS_INLINE bool quickAccess(Thread& thread, const uptr* top, uptr address, uptr pc) {
  using Cells = typename QuickCells<kBytes>::Type;
  History& history = thread.history;
  if (HINDSIGHT_UNLIKELY(history.plain_top != top) ||
      HINDSIGHT_UNLIKELY((top[-1] & kLoggedFrame) == 0))
    if (!logContextShortly(history, top, thread.clock.own())) return false;
  HistoryPart* const part = history.last;
  const u32 used = part->used;
  if (HINDSIGHT_UNLIKELY(used > kPartWords - 2)) return false;
  if (HINDSIGHT_UNLIKELY(thread.ignore_reads_writes != 0)) return false;
  if (!HINDSIGHT_LIKELY(address - kHighBegin < kHighEnd - kHighBegin - kLineSize) &&
      !HINDSIGHT_LIKELY(address - kLowBegin < kLowEnd - kLowBegin - kLineSize))
    return false;
  if constexpr (kBytes >= kWordSize)
    if (HINDSIGHT_UNLIKELY((address & (kWordSize - 1)) != 0)) return false;
  if constexpr (kBytes == 8)
    if (HINDSIGHT_UNLIKELY((address & (kLineSize - 1)) > kLineSize - kBytes)) return false;
  if constexpr (kBytes == 2)
    if (HINDSIGHT_UNLIKELY((address & 3) == 3)) return false;

  u32* const line = lineWord(address);
  // pairs with: the release of the line's last holder
  if (HINDSIGHT_UNLIKELY((__atomic_fetch_or(line, 1u, __ATOMIC_ACQUIRE) & 1) != 0)) return false;
  const u32 line_value = __atomic_load_n(line, __ATOMIC_RELAXED);
  auto* const read_at = reinterpret_cast<Cells*>(readCell(address, thread.read_group));
  auto* const write_at = reinterpret_cast<Cells*>(writeCell(address));
  Cells read, write;
  __builtin_memcpy(&read, read_at, sizeof(Cells));
  __builtin_memcpy(&write, write_at, sizeof(Cells));
  const Cells old_read = read;
  const u32 own_group = thread.group_mark;
  const u32 others = groupsOf(line_value & ~own_group);
  LineRecord* const record =
      HINDSIGHT_LIKELY(line_value >> kRecordShift == 0) ? nullptr : record_region + (line_value >> kRecordShift);
  bool done = HINDSIGHT_LIKELY(arePast(thread, write)) &&
              (read == write || HINDSIGHT_LIKELY(arePast(thread, read)));
  if constexpr (kBytes >= kWordSize) {
    done = done && (record == nullptr || (record->left_behind & wordsOf(address, kBytes)) == 0) &&
           judgeWords<kWrites>(thread, address, others, read, write);
  } else {
    constexpr Kind kKind = kWrites ? Kind::Write : Kind::Read;
    const u32 mask = ((1u << kBytes) - 1) << (address & 3);
    const u32 word = static_cast<u32>(address % kLineSize / kWordSize);
    Cell left = kEmptyCell;
    done = done && judgeBytes<kWrites>(thread, mask, others, read, write, left);
    if (done && HINDSIGHT_UNLIKELY(left != kEmptyCell ||
                                   (record != nullptr && (record->left_behind >> word & 1) != 0)))
      done = record != nullptr &&
             leaveBehindShortly(*record, word, mask, kKind, left, kKind, thread.clock);
  }
  if (HINDSIGHT_UNLIKELY(!done)) {
    __atomic_store_n(line, line_value & ~1u, __ATOMIC_RELEASE);
    return false;
  }
  // The event must be there before the cell is.
  appendAccess(*part, used, address, kBytes, kWrites ? Kind::Write : Kind::Read, pc);
  if constexpr (kWrites) {
    __builtin_memcpy(write_at, &write, sizeof(Cells));
    if (read != old_read) __builtin_memcpy(read_at, &read, sizeof(Cells));
  } else {
    __builtin_memcpy(read_at, &read, sizeof(Cells));
  }
  __atomic_store_n(line, (line_value & ~1u) | own_group, __ATOMIC_RELEASE);  // pairs with: the next holder
  return true;
}

}  // namespace hindsight
