#include "history/stack_depot.h"

#include "base/arena.h"
#include "base/spin_lock.h"

namespace hindsight {
namespace {

struct Node {
  u32 next;  // in the bucket's chain
  u32 id;
  u64 hash;
  u32 count;
  uptr frames[1];  // really `count`
};

// Nodes are named by their offset in one range, in units of 8 bytes, so that an id is an address.
constexpr uptr kDepotBytes = 1ull << 32;
constexpr u32 kBuckets = 1u << 14;
constinit u32 buckets[kBuckets];
constinit SpinLock depot_lock;
constinit u64* region = nullptr;
constinit u64 used = 1;  // words; 0 is "no stack"

Node* nodeAt(u32 id) { return reinterpret_cast<Node*>(region + id); }

u64 hashOf(const uptr* frames, u32 count) {
  u64 hash = count;
  for (u32 i = 0; i < count; ++i) {
    hash = (hash ^ frames[i]) * 0x9e3779b97f4a7c15ull;
    hash ^= hash >> 29;
  }
  return hash;
}

u32 find(u32 id, u64 hash, const uptr* frames, u32 count) {
  for (; id != 0; id = nodeAt(id)->next) {
    const Node* node = nodeAt(id);
    if (node->hash != hash || node->count != count) continue;
    u32 same = 0;
    while (same < count && node->frames[same] == frames[same]) ++same;
    if (same == count) return id;
  }
  return 0;
}

}  // namespace

u32 depotPut(const uptr* frames, u32 count) {
  if (count == 0) return 0;
  const u64 hash = hashOf(frames, count);
  u32* bucket = &buckets[hash % kBuckets];
  const u32 known = find(__atomic_load_n(bucket, __ATOMIC_ACQUIRE), hash, frames, count);
  if (known != 0) return known;
  SpinLockGuard guard(depot_lock);
  if (region == nullptr) region = static_cast<u64*>(reservePages(kDepotBytes));
  if (const u32 raced = find(*bucket, hash, frames, count)) return raced;
  const u64 words = (offsetof(Node, frames) + count * sizeof(uptr)) / sizeof(u64);
  if ((used + words) * sizeof(u64) > kDepotBytes) return 0;  // 4 GiB of distinct stacks
  const u32 id = static_cast<u32>(used);
  used += words;
  Node* node = nodeAt(id);
  node->hash = hash;
  node->count = count;
  for (u32 i = 0; i < count; ++i) node->frames[i] = frames[i];
  node->next = *bucket;
  __atomic_store_n(bucket, id, __ATOMIC_RELEASE);  // pairs with: the first load above
  return id;
}

const uptr* depotGet(u32 id, u32& count) {
  if (id == 0) {
    count = 0;
    return nullptr;
  }
  count = nodeAt(id)->count;
  return nodeAt(id)->frames;
}

}  // namespace hindsight
