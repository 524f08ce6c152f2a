// calling_contexts.h - call stacks as a tree of calls: stacks with a common beginning share it.
//
// A context is a number: its innermost call and the context around it. 0 is the empty one; a
// context has a larger number than the one around it. Hashing with chains, about 20 bytes per
// context.
//
// Thread safety: none.
// Allocation: arena, in pieces of 4 KiB, so that nothing is moved when there are more contexts.
#pragma once

#include "base/types.h"

namespace hindsight {

struct CallingContext {
  uptr pc;     // return address of the innermost call
  u32 parent;  // the context around it
  u32 next;    // in the bucket's chain
};

/// Zeroed memory is an empty one.
class CallingContexts {
 public:
  /// The number of `pc` called in `parent`.
  u32 put(u32 parent, uptr pc);
  /// `id` is not 0.
  const CallingContext& at(u32 id) const { return pieces_[id / kPerPiece][id % kPerPiece]; }
  /// Numbers handed out: 1 ... count().
  u32 count() const { return used_; }
  /// Memory in use.
  u64 bytes() const { return bytes_; }
  /// Forgets all of them and gives the memory back.
  void clear();

 private:
  static constexpr u32 kPieceBytes = 4096;
  static constexpr u32 kPerPiece = kPieceBytes / sizeof(CallingContext);

  void* allocate(size_t bytes);
  void free(void* block, size_t bytes);
  void needPiece(u32 index);
  void growBuckets();

  CallingContext** pieces_;
  u32* buckets_;
  u32 piece_count_, piece_capacity_;
  u32 bucket_count_;  // a power of two, or 0
  u32 used_;
  u64 bytes_;
};

}  // namespace hindsight
