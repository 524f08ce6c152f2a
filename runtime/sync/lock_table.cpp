#include "sync/lock_table.h"

#include "base/arena.h"
#include "base/spin_lock.h"

namespace hindsight {
namespace {

struct Entry {
  uptr lock;  // 0: free; kGone: free, but the search goes on
  LockMoment moment;
};
constexpr uptr kGone = 1;

struct Table {
  SpinLock guard;
  Entry* entries = nullptr;
  size_t capacity = 0, used = 0, live = 0;  // `used` counts gone ones
};
constinit Table created;

constexpr u32 kDestroyed = 512;
Entry destroyed[kDestroyed];  // by hash; guarded like `created`

size_t hashOf(uptr lock) { return static_cast<size_t>((lock * 0x9e3779b97f4a7c15ull) >> 24); }

Entry* find(uptr lock) {
  if (created.capacity == 0) return nullptr;
  for (size_t i = hashOf(lock);; ++i) {
    Entry& entry = created.entries[i & (created.capacity - 1)];
    if (entry.lock == lock) return &entry;
    if (entry.lock == 0) return nullptr;
  }
}

void insert(const Entry& entry) {
  for (size_t i = hashOf(entry.lock);; ++i) {
    Entry& place = created.entries[i & (created.capacity - 1)];
    if (place.lock > kGone) continue;
    if (place.lock == 0) ++created.used;
    place = entry;
    ++created.live;
    return;
  }
}

/// Room for one more, at most half full.
void makeRoom() {
  if (2 * (created.used + 1) <= created.capacity) return;
  Entry* const old = created.entries;
  const size_t old_capacity = created.capacity;
  created.capacity = 256;
  while (created.capacity < 4 * (created.live + 1)) created.capacity *= 2;
  created.entries = static_cast<Entry*>(arenaAllocate(created.capacity * sizeof(Entry)));
  __builtin_memset(created.entries, 0, created.capacity * sizeof(Entry));
  created.used = created.live = 0;
  for (size_t i = 0; i < old_capacity; ++i)
    if (old[i].lock > kGone) insert(old[i]);
  if (old != nullptr) arenaFree(old, old_capacity * sizeof(Entry));
}

void remove(uptr lock) {
  Entry* const entry = find(lock);
  if (entry == nullptr) return;
  entry->lock = kGone;
  --created.live;
}

}  // namespace

void noteLockCreated(uptr lock, LockMoment moment) {
  SpinLockGuard guard(created.guard);
  if (Entry* known = find(lock)) {
    known->moment = moment;
  } else {
    makeRoom();
    insert({lock, moment});
  }
}

void noteLockDestroyed(uptr lock, LockMoment moment) {
  SpinLockGuard guard(created.guard);
  remove(lock);
  destroyed[hashOf(lock) % kDestroyed] = {lock, moment};
}

void forgetLockCreated(uptr lock) {
  SpinLockGuard guard(created.guard);
  remove(lock);
}

LockMoment whereCreated(uptr lock) {
  SpinLockGuard guard(created.guard);
  const Entry* const entry = find(lock);
  return entry != nullptr ? entry->moment : LockMoment{};
}

LockMoment whereDestroyed(uptr lock) {
  SpinLockGuard guard(created.guard);
  const Entry& entry = destroyed[hashOf(lock) % kDestroyed];
  return entry.lock == lock ? entry.moment : LockMoment{};
}

}  // namespace hindsight
