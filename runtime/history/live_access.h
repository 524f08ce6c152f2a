// live_access.h - is a thread's access still in the shadow, so that a race with it can come?
//
// Thread safety: the asking thread's own accesses, inside the runtime; takes no lock. "Yes" may be
// wrong; "no" is wrong only if another thread moves the record at this very moment (line.h,
// spillWords).
#pragma once

#include "base/types.h"
#include "core/address_map.h"
#include "core/line.h"
#include "core/stamps.h"
#include "history/event_words.h"

namespace hindsight {

/// Whether a cell or the record of some line of `access` has it under (slot, epoch). A run loses
/// the accesses before its first live one, so that they are not looked up again.
bool isLive(Slot slot, u32 group, Epoch epoch, AccessEvent& access);

/// Which stamps stand for epochs that are asked for one after the other.
class ChunkGuess {
 public:
  /// The stamp of (slot, epoch), as a number; 0 if that takes a table to tell.
  u32 stampOf(Slot slot, Epoch epoch) {
    return isIn(chunk_, slot, epoch) ? stampIn(chunk_, epoch) : search(slot, epoch);
  }

 private:
  static bool isIn(u32 chunk, Slot slot, Epoch epoch) {
    const Chunk& row = chunks[chunk];
    return row.in_use && row.slot == slot && row.sparse == nullptr &&
           epoch - row.base < kEpochsPerChunk;
  }
  static u32 stampIn(u32 chunk, Epoch epoch) {
    return chunk << kChunkBits | (epoch - chunks[chunk].base);
  }
  u32 search(Slot slot, Epoch epoch);

  u32 chunk_ = 0;
  Epoch not_found_ = 0;  // the last one
};

}  // namespace hindsight
