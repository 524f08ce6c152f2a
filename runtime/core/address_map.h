// address_map.h - where the shadow of an application address is.
//
// With the fields of address_layout (base/address_layout.h), and what they are on x86-64:
//
//   application   low  [0x5500'0000'0000, 0x59ff'0000'0000)  executable and brk heap
//                 high [0x7a00'0000'0000, 0x8000'0000'0000)  mappings, libraries, stacks
//                 tiny [0, 4 GiB), by the name of [0x79ff'0000'0000, 0x7a00'0000'0000)
//   read cells    a + read_offsets[g]             4 bytes per 4, one image per read group
//   write cells   a + write_offset                4 bytes per 4
//   line words    (a >> 6) * 4 + line_word_base   4 bytes per 64: lock bit and record of a line
//   line flags    (a >> 16) + line_flag_base      1 byte per 64 KiB: some line has a record
//   block image   (a >> 1) + block_base           8 bytes per 16: heap blocks (heap/heap.h)
//   block flags   (a >> 16) + block_flag_base     1 byte per 64 KiB: a block has begun here
//   runtime       [runtime_begin, runtime_end)    the runtime's own memory; has line words only
//
// The offsets of cells and blocks have an odd number of pages, so that an address and what belongs
// to it fall into different cache sets.
//
// All images are reserved at start and cost memory only where touched.
#pragma once

#include "base/address_layout.h"
#include "base/arena.h"
#include "base/types.h"
#include "core/cell.h"
#include "hindsight/abi.h"

namespace hindsight {

/// MAP_32BIT and other mappings below 4 GiB: known by other addresses inside (core/tiny_memory.h).
inline constexpr uptr kTinyEnd = 0x100000000;

HINDSIGHT_ALWAYS_INLINE bool isApplication(uptr address) {
  const AddressLayout& in = address_layout;
  return address - in.high_begin < in.high_end - in.high_begin ||
         address - in.low_begin < in.low_end - in.low_begin;
}
struct AddressRange {
  uptr begin, end;
};
struct AddressRanges {
  AddressRange ranges[2];
  const AddressRange* begin() const { return ranges; }
  const AddressRange* end() const { return ranges + 2; }
};
HINDSIGHT_ALWAYS_INLINE AddressRanges applicationRanges() {
  return {{{address_layout.low_begin, address_layout.low_end},
           {address_layout.high_begin, address_layout.high_end}}};
}
/// True if the whole range has cells.
HINDSIGHT_ALWAYS_INLINE bool isApplication(uptr address, size_t bytes) {
  return isApplication(address) && isApplication(address + bytes - 1);
}
/// True if the address may be a sync object.
HINDSIGHT_ALWAYS_INLINE bool hasLineWord(uptr address) {
  return isApplication(address) || isRuntimeMemory(reinterpret_cast<const void*>(address)) ||
         address < kTinyEnd;
}

/// Read images: threads of different groups do not share read cells.
inline constexpr u32 kReadGroups = HINDSIGHT_READ_GROUPS;

HINDSIGHT_ALWAYS_INLINE Cell* readCell(uptr address, u32 group) {
  return reinterpret_cast<Cell*>(roundDown(address, kWordSize) +
                                 static_cast<uptr>(address_layout.read_offsets[group]));
}
HINDSIGHT_ALWAYS_INLINE Cell* writeCell(uptr address) {
  return reinterpret_cast<Cell*>(roundDown(address, kWordSize) +
                                 static_cast<uptr>(address_layout.write_offset));
}
/// The words of neighbouring lines are neighbours: entry/block_lock.h takes two at once.
HINDSIGHT_ALWAYS_INLINE u32* lineWord(uptr address) {
  return reinterpret_cast<u32*>((address >> 6) * sizeof(u32) + address_layout.line_word_base);
}
HINDSIGHT_ALWAYS_INLINE u8* lineFlag(uptr address) {
  return reinterpret_cast<u8*>((address >> 16) + address_layout.line_flag_base);
}
inline constexpr uptr kLineFlagSpan = 1 << 16;
/// `address` is a multiple of 16.
HINDSIGHT_ALWAYS_INLINE u64* blockHalf(uptr address) {
  return reinterpret_cast<u64*>((address >> 1) + address_layout.block_base);
}
HINDSIGHT_ALWAYS_INLINE u8* blockFlag(uptr address) {
  return reinterpret_cast<u8*>((address >> 16) + address_layout.block_flag_base);
}
inline constexpr uptr kBlockFlagSpan = 1 << 16;

}  // namespace hindsight
