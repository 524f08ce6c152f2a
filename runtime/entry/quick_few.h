// quick_few.h - the slow access to a few bytes of any size and alignment, as it mostly is.
//
// What quick_access.h is for one or two words: short strings, unaligned words, small structs, the
// ends of loops. The bytes lie in one line or two neighbours; there is room in history; nobody
// holds the lines; the cells hold nothing but the past, and the access takes their place. Whatever
// else there is, entry/access.cpp does, which is the reference: tests/model holds both equal.
#pragma once

#include "core/address_map.h"
#include "threads/thread.h"

namespace hindsight {

/// The most bytes that quickFew takes.
inline constexpr size_t kFewBytes = 64;

/// Whether the address and as many bytes as a line has behind it have cells.
HINDSIGHT_ALWAYS_INLINE bool hasRoomBehind(uptr address) {
  const AddressLayout& in = address_layout;
  return HINDSIGHT_LIKELY(address - in.high_begin < in.high_end - in.high_begin - kLineSize) ||
         HINDSIGHT_LIKELY(address - in.low_begin < in.low_end - in.low_begin - kLineSize);
}

/// The cells of the words that an access touches, some of them in the next line.
struct FewWords {
  HINDSIGHT_ALWAYS_INLINE FewWords(const Thread& thread, uptr address, size_t bytes)
      : read(readCell(address, thread.read_group)),
        write(writeCell(address)),
        last(static_cast<u32>((address % kWordSize + bytes - 1) / kWordSize)),
        first_mask(kFullMask << address % kWordSize & kFullMask),
        last_mask(kFullMask >> (-(address + bytes) % kWordSize)) {}

  u32 maskOfWord(u32 index) const {
    return (index == 0 ? first_mask : kFullMask) & (index == last ? last_mask : kFullMask);
  }
  /// Whether the thread has recorded all of it in its current epoch.
  template <bool kWrites>
  HINDSIGHT_ALWAYS_INLINE bool areRecorded(const Thread& thread) const {
    const Cell* const cells = kWrites ? write : read;
    const Cell own = currentCell(thread);
    // What is not the thread's current stamp, and the bytes that are missing.
    const Cell ends = ((cells[0] ^ own) & (~kFullMask | maskOfWord(0))) |
                      ((cells[last] ^ own) & (~kFullMask | maskOfWord(last)));
    if (ends != 0) return false;
    for (u32 i = 1; i < last; ++i)
      if (cells[i] != own) return false;
    return true;
  }

  Cell* read;
  Cell* write;
  u32 last;  // index of the last word
  u32 first_mask,
      last_mask;  // the bytes that are touched of the words at the ends, if those are two
};

/// Records an access to `bytes` bytes at `address` (not 0) by the thread, which is inside the
/// runtime, if the thread has not recorded it in its current epoch. False: the general road
/// (checkAccess) has to be taken, as if nothing had been done. Uses general registers only.
template <bool kWrites>
HINDSIGHT_KEEPS_REGISTERS bool quickFew(Thread& thread, const uptr* top, uptr address, size_t bytes,
                                        uptr pc);

/// Whether quickFew takes an access.
HINDSIGHT_ALWAYS_INLINE bool isFew(const Thread& thread, uptr address, size_t bytes) {
  return HINDSIGHT_LIKELY(bytes - 1 < kFewBytes) &&
         HINDSIGHT_LIKELY(thread.ignore_reads_writes == 0) && hasRoomBehind(address);
}
/// quickFew for an access that it takes and that is not recorded (FewWords::areRecorded), for
/// callers that do not save all registers.
template <bool kWrites>
bool recordFew(Thread& thread, const uptr* top, uptr address, size_t bytes, uptr pc);

}  // namespace hindsight
