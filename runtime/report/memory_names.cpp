#include "report/memory_names.h"

#include "base/arena.h"
#include "base/spin_lock.h"

namespace hindsight {

constinit u32 memory_names = 0;
constinit __attribute__((tls_model("initial-exec"))) thread_local const char* described_object =
    nullptr;

namespace {

struct MemoryName {
  uptr start;
  size_t bytes;
  MemoryName* next;
  char text[kMemoryNameBytes];
};

constexpr u32 kBuckets = 1024;
constinit MemoryName* buckets[kBuckets] = {};
constinit SpinLock names_lock;

MemoryName*& bucketOf(uptr start) { return buckets[(start >> 4) * 0x9e3779b97f4a7c15ull >> 54]; }
static_assert(kBuckets == 1u << (64 - 54));

void removeLocked(uptr start) {
  for (MemoryName** link = &bucketOf(start); *link != nullptr; link = &(*link)->next) {
    MemoryName* found = *link;
    if (found->start != start) continue;
    __atomic_store_n(link, found->next, __ATOMIC_RELAXED);
    arenaFree(found, sizeof *found);
    __atomic_store_n(&memory_names, memory_names - 1, __ATOMIC_RELAXED);
    return;
  }
}

void copyName(char (&target)[kMemoryNameBytes], const char* name) {
  size_t length = 0;
  for (; length + 1 < kMemoryNameBytes && name[length] != '\0'; ++length)
    target[length] = name[length];
  target[length] = '\0';
}

}  // namespace

void nameMemory(uptr start, size_t bytes, const char* name) {
  SpinLockGuard guard(names_lock);
  removeLocked(start);
  if (name == nullptr || name[0] == '\0') return;
  MemoryName* entry = arenaNew<MemoryName>();
  entry->start = start;
  entry->bytes = bytes;
  copyName(entry->text, name);
  MemoryName*& bucket = bucketOf(start);
  entry->next = bucket;
  __atomic_store_n(&bucket, entry, __ATOMIC_RELAXED);
  __atomic_store_n(&memory_names, memory_names + 1, __ATOMIC_RELAXED);
}

void forgetMemoryName(uptr start) {
  // An empty bucket is the common case; whoever named `start` did so before handing it back.
  if (__atomic_load_n(&bucketOf(start), __ATOMIC_RELAXED) == nullptr) return;
  SpinLockGuard guard(names_lock);
  removeLocked(start);
}

bool findMemoryName(uptr address, char (&name)[kMemoryNameBytes]) {
  if (described_object != nullptr) {
    copyName(name, described_object);
    return true;
  }
  SpinLockGuard guard(names_lock);
  for (MemoryName* entry : buckets)
    for (; entry != nullptr; entry = entry->next)
      if (address - entry->start < entry->bytes) {
        copyName(name, entry->text);
        return true;
      }
  return false;
}

}  // namespace hindsight
