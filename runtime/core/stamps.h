// stamps.h - which slot and epoch a stamp stands for.
//
// The 2^28 stamps are handed to timelines in chunks of 2^14 epochs, so that few threads may have
// many epochs and many threads few. A dense chunk maps its i-th stamp to epoch base + i; a sparse
// chunk, made when stamps are recycled, has a table.
//
// Thread safety: a chunk's row is written before any cell with one of its stamps is visible, and
// rewritten only while every other thread is outside the runtime (threads/recycle.h).
#pragma once

#include "base/types.h"
#include "core/cell.h"

namespace hindsight {

/// Index of a timeline in vector clocks. A timeline is a chain of threads, each started after the
/// one before had ended, in happens-before order.
using Slot = u16;
using Epoch = u32;

inline constexpr u32 kChunkBits = 14;
inline constexpr u32 kEpochsPerChunk = 1u << kChunkBits;
inline constexpr u32 kChunks = 1u << 14;
inline constexpr u32 kMaxSlots = 1u << 14;
inline constexpr Slot kNoSlot = 0xffff;

struct Chunk {
  Epoch base;  // dense: epoch of the chunk's stamp 0; sparse: epochs in the table
  Slot slot;
  bool in_use;
  Epoch* sparse;  // the table, ascending; null for a dense chunk
};

extern Chunk chunks[kChunks];

struct ThreadEpoch {
  Slot slot;
  Epoch epoch;
};

HINDSIGHT_ALWAYS_INLINE ThreadEpoch resolve(Stamp stamp) {
  const Chunk& chunk = chunks[static_cast<u32>(stamp) >> kChunkBits];
  const u32 index = static_cast<u32>(stamp) & (kEpochsPerChunk - 1);
  if (HINDSIGHT_UNLIKELY(chunk.sparse != nullptr)) return {chunk.slot, chunk.sparse[index]};
  return {chunk.slot, chunk.base + index};
}

/// Chunks that may be in use at once, the reserved chunk 0 among them. Tests lower it.
extern u32 chunk_limit;

/// Takes a free chunk for `slot` so that its first stamp means epoch `first`. Returns its index;
/// 0 if none is free (recycle then).
u32 takeChunk(Slot slot, Epoch first);
/// Makes a chunk in use a sparse one: stamp i means `table[i]`. The table, an arena block of
/// `count` epochs, is the chunk's from now on.
void makeSparse(u32 chunk, Epoch* table, u32 count);
void freeChunk(u32 chunk);
u32 freeChunkCount();

}  // namespace hindsight
