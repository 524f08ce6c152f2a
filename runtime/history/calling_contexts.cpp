#include "history/calling_contexts.h"

#include "base/arena.h"

namespace hindsight {
namespace {

constexpr u32 kFewestBuckets = 256;

u32 hashOf(u32 parent, uptr pc) {
  u64 hash = (pc ^ static_cast<u64>(parent) << 40) * 0x9e3779b97f4a7c15ull;
  hash = (hash ^ parent) * 0x9e3779b97f4a7c15ull;
  return static_cast<u32>(hash >> 32);
}

}  // namespace

void* CallingContexts::allocate(size_t bytes) {
  bytes_ += bytes;
  return arenaAllocate(bytes);
}

void CallingContexts::free(void* block, size_t bytes) {
  if (bytes == 0) return;
  bytes_ -= bytes;
  arenaFree(block, bytes);
}

void CallingContexts::needPiece(u32 index) {
  if (index < piece_count_) return;
  if (piece_count_ == piece_capacity_) {
    const u32 capacity = max(8u, 2 * piece_capacity_);
    auto** pieces = static_cast<CallingContext**>(allocate(capacity * sizeof(CallingContext*)));
    for (u32 i = 0; i < piece_count_; ++i) pieces[i] = pieces_[i];
    free(pieces_, piece_capacity_ * sizeof(CallingContext*));
    pieces_ = pieces;
    piece_capacity_ = capacity;
  }
  pieces_[piece_count_++] = static_cast<CallingContext*>(allocate(kPieceBytes));
}

void CallingContexts::growBuckets() {
  free(buckets_, bucket_count_ * sizeof(u32));
  bucket_count_ = max(kFewestBuckets, 2 * bucket_count_);
  buckets_ = static_cast<u32*>(allocate(bucket_count_ * sizeof(u32)));
  for (u32 i = 0; i < bucket_count_; ++i) buckets_[i] = 0;
  for (u32 id = 1; id <= used_; ++id) {
    CallingContext& context = pieces_[id / kPerPiece][id % kPerPiece];
    u32& bucket = buckets_[hashOf(context.parent, context.pc) & (bucket_count_ - 1)];
    context.next = bucket;
    bucket = id;
  }
}

u32 CallingContexts::put(u32 parent, uptr pc) {
  if (used_ == bucket_count_) growBuckets();
  u32& bucket = buckets_[hashOf(parent, pc) & (bucket_count_ - 1)];
  for (u32 id = bucket; id != 0; id = at(id).next)
    if (at(id).pc == pc && at(id).parent == parent) return id;
  const u32 id = used_ + 1;
  needPiece(id / kPerPiece);
  used_ = id;
  pieces_[id / kPerPiece][id % kPerPiece] = {pc, parent, bucket};
  bucket = id;
  return id;
}

void CallingContexts::clear() {
  for (u32 i = 0; i < piece_count_; ++i) free(pieces_[i], kPieceBytes);
  free(pieces_, piece_capacity_ * sizeof(CallingContext*));
  free(buckets_, bucket_count_ * sizeof(u32));
  *this = {};
}

}  // namespace hindsight
