#include "history/stack_depot.h"

#include "base/arena.h"
#include "base/spin_lock.h"

namespace hindsight {
namespace {

struct Node {
  u64 hash;
  u32 next;  // in the bucket's chain
  u32 count;
  uptr frames[1];  // really `count`
};

/// The stacks put last: sets of [ upper part of the hash | id ], the set chosen by the lower part.
constexpr u32 kIdBits = 29;
constexpr u32 kSetBits = 12, kWays = 4;
alignas(64) constinit u64 recent[1u << kSetBits][kWays];

HINDSIGHT_ALWAYS_INLINE u64* recentSet(u64 hash) { return recent[hash & ((1u << kSetBits) - 1)]; }

/// The id that goes with the hash, or 0. Which way it is in cannot be foretold: no branches.
HINDSIGHT_ALWAYS_INLINE u32 findRecent(const u64* set, u64 hash) {
  u64 found = 0;
#pragma clang loop unroll(full)
  for (u32 way = 0; way < kWays; ++way) {
    const u64 entry = __atomic_load_n(set + way, __ATOMIC_ACQUIRE);  // pairs with: addRecent
    found = (entry ^ hash) >> kIdBits == 0 ? entry : found;
  }
  return static_cast<u32>(found & ((1u << kIdBits) - 1));
}

/// Into an empty place, or any.
void addRecent(u64* set, u64 hash, u32 id) {
  u32 way = 0;
  while (way < kWays && __atomic_load_n(set + way, __ATOMIC_RELAXED) != 0) ++way;
  if (way == kWays) way = (hash >> kSetBits) % kWays;
  const u64 entry = (hash & ~0ull << kIdBits) | id;
  __atomic_store_n(set + way, entry, __ATOMIC_RELEASE);  // pairs with: findRecent
}

// Nodes are named by their offset in one range, in units of 8 bytes, so that an id is an address.
constexpr uptr kDepotBytes = 1ull << 32;
static_assert(kDepotBytes / sizeof(u64) == 1ull << kIdBits);
constexpr u32 kBucketBits = 15;
constinit u32 buckets[1u << kBucketBits];
constinit SpinLock depot_lock;
constinit u64* region = nullptr;
constinit u64 used = 1;  // words; 0 is "no stack"

Node* nodeAt(u32 id) { return reinterpret_cast<Node*>(region + id); }

/// Odd numbers without a pattern [splitmix64, Steele, Lea & Flood, OOPSLA 2014].
struct Factors {
  u64 of[kDepotFrames];
  constexpr Factors() : of() {
    for (u32 i = 0; i < kDepotFrames; ++i) {
      u64 value = (i + 1) * 0x9e3779b97f4a7c15ull;
      value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ull;
      value = (value ^ value >> 27) * 0x94d049bb133111ebull;
      of[i] = (value ^ value >> 31) | 1;
    }
  }
};
constexpr Factors kFactors;

/// Multilinear: the products do not wait for each other. The shift drops the entries' flag.
HINDSIGHT_ALWAYS_INLINE u64 hashOf(uptr pc, const uptr* top, u32 below) {
  u64 hash = (pc << 1) * kFactors.of[0] + below;
  for (u32 i = 1; i <= below; ++i) hash += (top[-static_cast<sptr>(i)] << 1) * kFactors.of[i];
  return hash ^ hash >> 32;  // the lower bits of a product depend on lower bits only
}

u32 find(u32 id, u64 hash, u32 count) {
  for (; id != 0; id = nodeAt(id)->next)
    if (nodeAt(id)->hash == hash && nodeAt(id)->count == count) break;
  return id;
}

/// `fill(frames)` writes the entry's `count` words.
template <class Fill>
HINDSIGHT_NOINLINE u32 insert(u32* bucket, u64 hash, u32 count, Fill fill) {
  SpinLockGuard guard(depot_lock);
  if (region == nullptr) region = static_cast<u64*>(reservePages(kDepotBytes));
  if (const u32 raced = find(*bucket, hash, count)) return raced;
  const u64 words = (offsetof(Node, frames) + count * sizeof(uptr)) / sizeof(u64);
  if ((used + words) * sizeof(u64) > kDepotBytes) return 0;  // 4 GiB of distinct stacks
  const u32 id = static_cast<u32>(used);
  used += words;
  Node* node = nodeAt(id);
  node->hash = hash;
  node->count = count;
  fill(node->frames);
  node->next = *bucket;
  __atomic_store_n(bucket, id, __ATOMIC_RELEASE);  // pairs with: findOrInsert
  return id;
}

template <class Fill>
HINDSIGHT_NOINLINE u32 findOrInsert(u64 hash, u32 count, Fill fill) {
  u32* const bucket = &buckets[hash >> (64 - kBucketBits)];
  const u32 known = find(__atomic_load_n(bucket, __ATOMIC_ACQUIRE), hash, count);
  return known != 0 ? known : insert(bucket, hash, count, fill);
}

}  // namespace

u32 depotPut(uptr pc, const ShadowStack& stack, const uptr* top) {
  u32 below = 0;
  if (HINDSIGHT_LIKELY(ownsEntry(stack, top)))
    below =
        static_cast<u32>(min<size_t>(static_cast<size_t>(top - stack.base) - 1, kDepotFrames - 1));
  const u64 hash = hashOf(pc, top, below);
  u64* const set = recentSet(hash);
  if (const u32 id = findRecent(set, hash); HINDSIGHT_LIKELY(id != 0)) return id;
  const u32 id = findOrInsert(hash, 1 + below, [&](uptr* frames) {
    frames[0] = pc;
    copyFrames(stack, top, frames + 1, below);
  });
  if (id != 0) addRecent(set, hash, id);
  return id;
}

u32 depotPut(const uptr* words, u32 count) {
  if (count == 0) return 0;
  u64 hash = count;
  for (u32 i = 0; i < count; ++i) {
    hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15ull;
    hash ^= hash >> 29;
  }
  return findOrInsert(hash, count, [&](uptr* out) {
    for (u32 i = 0; i < count; ++i) out[i] = words[i];
  });
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
