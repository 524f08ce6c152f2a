// heap.h - which heap block an address lies in, who allocated it and where.
//
// Every block has a 16-byte header in front of what the program sees, and a bit in the block-start
// image (core/address_map.h) at its first byte. Walking the bits backwards finds the block of an
// interior pointer; the bit also tells our blocks from foreign ones in free().
//
//   header:  [ allocation stack : 32 ][ thread id : 32 ]  [ size : 48 ][ offset / 16 : 16 ]
//   offset:  from the block the C library gave us to what the program sees
//
// Thread safety: any thread; a block is changed only by whoever may free it.
#pragma once

#include "base/types.h"

namespace hindsight {

struct BlockHeader {
  u32 stack;
  u32 thread_id;
  u64 size : 48;
  u64 offset16 : 16;
};
static_assert(sizeof(BlockHeader) == 16);

/// Largest alignment whose offset fits the header; larger ones keep no header.
inline constexpr size_t kLargestOffset = 0xffff * 16ull;

inline BlockHeader& headerOf(uptr block) { return reinterpret_cast<BlockHeader*>(block)[-1]; }

/// Marks `block`, whose header is filled in.
void blockBegins(uptr block);
void blockEnds(uptr block);
bool isBlock(uptr address);
/// The live block around `address`, or 0. Looks back at most `kLargestSearch` bytes.
uptr findBlock(uptr address);

}  // namespace hindsight
