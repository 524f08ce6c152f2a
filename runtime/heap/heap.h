// heap.h - which heap block an address lies in, who allocated it and where.
//
// The block image (core/address_map.h) has 8 bytes for each 16 of the application; what is known of
// a block stands in the 16 bytes of its first byte, so blocks look to the program as the C library
// made them. Walking the image backwards finds the block of an interior pointer; `live` also tells
// our blocks from foreign ones in free().
//
//   first half:   [ live : 1 ][ thread id : 31 ][ allocation stack : 32 ]
//   second half:  [ 0 : 1 ][ offset / 16 : 16 ][ size : 47 ]
//   offset:       from the block the C library gave us to what the program sees
//
// Invariants: I1 a block is aligned to 16 and at least kLeastRoom bytes of memory are its own, so
//                both halves are.
//             I2 both halves of what is no block are 0.
//             I3 64 KiB in which a block has ever begun have their block flag set.
// Thread safety: any thread; a block is changed only by whoever may free it.
#pragma once

#include "base/types.h"
#include "core/address_map.h"

namespace hindsight {

struct Block {
  u32 stack;
  u32 thread_id;
  u64 size;
  size_t offset;
};

inline constexpr uptr kBlockAlignment = 16;
inline constexpr size_t kLeastRoom = 24;
/// Where an alignment could need a larger one, the allocator aligns, and the offset is 0.
inline constexpr size_t kLargestOffset = 0xffff * kBlockAlignment;
/// Larger sizes, which no memory has, keep no record.
inline constexpr size_t kLargestBlock = (1ull << 47) - 1;

namespace heap_detail {

inline constexpr u64 kLive = 1ull << 63;
inline constexpr u32 kSizeBits = 47;

}  // namespace heap_detail

/// `address` is aligned to kBlockAlignment; `allocation` fits its fields.
HINDSIGHT_ALWAYS_INLINE void blockBegins(uptr address, const Block& allocation) {
  using namespace heap_detail;
  u64* const half = blockHalf(address);
  half[1] = static_cast<u64>(allocation.offset / kBlockAlignment) << kSizeBits | allocation.size;
  // pairs with: findBlock, which may be looking for another one
  __atomic_store_n(half, kLive | static_cast<u64>(allocation.thread_id) << 32 | allocation.stack,
                   __ATOMIC_RELEASE);
  u8* const flag = blockFlag(address);
  if (HINDSIGHT_UNLIKELY(__atomic_load_n(flag, __ATOMIC_RELAXED) == 0))
    __atomic_store_n(flag, 1, __ATOMIC_RELAXED);
}
HINDSIGHT_ALWAYS_INLINE void blockEnds(uptr block) {
  u64* const half = blockHalf(block);
  __atomic_store_n(half, 0, __ATOMIC_RELAXED);
  __atomic_store_n(half + 1, 0, __ATOMIC_RELAXED);
}
HINDSIGHT_ALWAYS_INLINE bool isBlock(uptr address) {
  return address % kBlockAlignment == 0 && isApplication(address) &&
         (__atomic_load_n(blockHalf(address), __ATOMIC_RELAXED) & heap_detail::kLive) != 0;
}
/// What is known of a block.
HINDSIGHT_ALWAYS_INLINE size_t sizeOf(uptr block) { return blockHalf(block)[1] & kLargestBlock; }
HINDSIGHT_ALWAYS_INLINE size_t offsetOf(uptr block) {
  return (blockHalf(block)[1] >> heap_detail::kSizeBits) * kBlockAlignment;
}
void changeSize(uptr block, size_t size);
Block describeBlock(uptr block);
/// The live block around `address`, or 0. Looks back at most 16 GiB.
uptr findBlock(uptr address);

}  // namespace hindsight
