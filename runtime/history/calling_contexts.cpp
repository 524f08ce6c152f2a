#include "history/calling_contexts.h"

#include "base/arena.h"
#include "base/spin_lock.h"

namespace hindsight {
namespace {

constexpr u32 kMaxContexts = 1u << 28;
constexpr u32 kBuckets = 1u << 20;

constinit SpinLock context_lock;
constinit CallingContext* contexts = nullptr;
constinit u32* buckets = nullptr;  // published after `contexts`
constinit u32 used = 0;            // number 0 is none

u32 bucketOf(u32 parent, uptr pc) {
  u64 hash = (pc ^ static_cast<u64>(parent) << 40) * 0x9e3779b97f4a7c15ull;
  hash = (hash ^ parent) * 0x9e3779b97f4a7c15ull;
  return static_cast<u32>(hash >> 44) & (kBuckets - 1);
}

u32 find(u32 id, u32 parent, uptr pc) {
  while (id != 0 && (contexts[id].pc != pc || contexts[id].parent != parent)) id = contexts[id].next;
  return id;
}

}  // namespace

u32 contextPut(u32 parent, uptr pc, u32 limit) {
  const u32 bucket = bucketOf(parent, pc);
  if (const u32* table = __atomic_load_n(&buckets, __ATOMIC_ACQUIRE)) {
    const u32 known = find(__atomic_load_n(&table[bucket], __ATOMIC_ACQUIRE), parent, pc);
    if (known != 0) return known;
  }
  SpinLockGuard guard(context_lock);
  if (buckets == nullptr) {
    contexts = static_cast<CallingContext*>(reservePages(kMaxContexts * sizeof(CallingContext)));
    auto* table = static_cast<u32*>(reservePages(kBuckets * sizeof(u32)));
    __atomic_store_n(&buckets, table, __ATOMIC_RELEASE);  // pairs with: the load above
  }
  if (const u32 raced = find(buckets[bucket], parent, pc)) return raced;
  if (used + 1 >= min(limit, kMaxContexts)) return 0;
  const u32 id = used + 1;
  __atomic_store_n(&used, id, __ATOMIC_RELAXED);
  contexts[id] = {pc, parent, buckets[bucket]};
  __atomic_store_n(&buckets[bucket], id, __ATOMIC_RELEASE);  // pairs with: the load above
  return id;
}

const CallingContext& contextAt(u32 id) { return contexts[id]; }
u32 contextCount() { return __atomic_load_n(&used, __ATOMIC_RELAXED); }

}  // namespace hindsight
