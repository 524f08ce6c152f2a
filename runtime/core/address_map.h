// address_map.h - where the shadow of an application address is.
//
//   application   low  [0x5500'0000'0000, 0x59ff'0000'0000)  executable and brk heap
//                 high [0x7a00'0000'0000, 0x8000'0000'0000)  mappings, libraries, stacks
//   read cells    a + HINDSIGHT_READ_OFFSETS[g]   4 bytes per 4, one image per read group
//   write cells   a + HINDSIGHT_WRITE_OFFSET      4 bytes per 4
//   line words    (a >> 6) * 4 + kLineWordBase    4 bytes per 64: lock bit and record of a line
//   line flags    (a >> 16) + kLineFlagBase       1 byte per 64 KiB: some line has a record
//   block image   (a >> 1) + kBlockBase           8 bytes per 16: heap blocks (heap/heap.h)
//   block flags   (a >> 16) + kBlockFlagBase      1 byte per 64 KiB: a block has begun here
//   runtime       [kRuntimeBegin, kRuntimeEnd)    the runtime's own memory; has line words only
//
// All images are reserved at start and cost memory only where touched.
#pragma once

#include "base/arena.h"
#include "base/types.h"
#include "core/cell.h"
#include "hindsight/abi.h"

namespace hindsight {

inline constexpr uptr kLowBegin = 0x550000000000, kLowEnd = 0x59ff00000000;
inline constexpr uptr kHighBegin = 0x7a0000000000, kHighEnd = 0x800000000000;
inline constexpr uptr kLineWordBase = 0x601000000000;
inline constexpr uptr kLineFlagBase = 0x0c0000000000;
inline constexpr uptr kBlockFlagBase = 0x0d0000000000;
/// Negative, and an odd number of pages for the same reason as the cells' offsets.
inline constexpr uptr kBlockBase = -0x1c0000000000ull + 0xdf380ull;
/// MAP_32BIT and other low mappings: they can synchronise, but their accesses are not checked.
inline constexpr uptr kTinyEnd = 0x100000000;

HINDSIGHT_ALWAYS_INLINE bool isApplication(uptr address) {
  return address - kHighBegin < kHighEnd - kHighBegin || address - kLowBegin < kLowEnd - kLowBegin;
}
/// True if the whole range has cells.
HINDSIGHT_ALWAYS_INLINE bool isApplication(uptr address, size_t bytes) {
  return isApplication(address) && isApplication(address + bytes - 1);
}
/// True if the address may be a sync object.
HINDSIGHT_ALWAYS_INLINE bool hasLineWord(uptr address) {
  return isApplication(address) || address - kRuntimeBegin < kRuntimeEnd - kRuntimeBegin ||
         address < kTinyEnd;
}

/// Read images: threads of different groups do not share read cells.
inline constexpr u32 kReadGroups = HINDSIGHT_READ_GROUPS;
inline constexpr sptr kReadOffsets[kReadGroups] = HINDSIGHT_READ_OFFSETS;

HINDSIGHT_ALWAYS_INLINE Cell* readCell(uptr address, u32 group) {
  return reinterpret_cast<Cell*>(roundDown(address, kWordSize) +
                                 static_cast<uptr>(kReadOffsets[group]));
}
HINDSIGHT_ALWAYS_INLINE Cell* writeCell(uptr address) {
  return reinterpret_cast<Cell*>(roundDown(address, kWordSize) +
                                 static_cast<uptr>(HINDSIGHT_WRITE_OFFSET));
}
/// The words of neighbouring lines are neighbours: entry/block_lock.h takes two at once.
HINDSIGHT_ALWAYS_INLINE u32* lineWord(uptr address) {
  return reinterpret_cast<u32*>((address >> 6) * sizeof(u32) + kLineWordBase);
}
HINDSIGHT_ALWAYS_INLINE u8* lineFlag(uptr address) {
  return reinterpret_cast<u8*>((address >> 16) + kLineFlagBase);
}
inline constexpr uptr kLineFlagSpan = 1 << 16;
/// `address` is a multiple of 16.
HINDSIGHT_ALWAYS_INLINE u64* blockHalf(uptr address) {
  return reinterpret_cast<u64*>((address >> 1) + kBlockBase);
}
HINDSIGHT_ALWAYS_INLINE u8* blockFlag(uptr address) {
  return reinterpret_cast<u8*>((address >> 16) + kBlockFlagBase);
}
inline constexpr uptr kBlockFlagSpan = 1 << 16;

}  // namespace hindsight
