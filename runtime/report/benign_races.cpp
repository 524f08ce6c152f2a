#include "report/benign_races.h"

#include "base/arena.h"
#include "base/spin_lock.h"

namespace hindsight {

constinit u32 benign_races = 0;

namespace {

struct Stretch {
  Stretch* next;
  uptr start;
  size_t bytes;
};

constinit SpinLock stretches_lock;
constinit Stretch* stretches = nullptr;

/// Those of the raced bytes of the line at `line` that the stretch covers.
u64 coveredBytes(const Stretch& stretch, uptr line, u64 raced) {
  if (stretch.bytes == 0) {
    if (stretch.start - line >= kLineSize) return 0;
    const u64 first = 1ull << (stretch.start - line);
    return raced & ~(raced + first) & ~(first - 1);  // the run of ones that begins there
  }
  const uptr begin = max(stretch.start, line);
  const uptr end = min(stretch.start + stretch.bytes, line + kLineSize);
  if (begin >= end) return 0;
  const u64 run = end - begin == kLineSize ? ~0ull : (1ull << (end - begin)) - 1;
  return run << (begin - line);
}

}  // namespace

void addBenignRace(uptr start, size_t bytes) {
  SpinLockGuard guard(stretches_lock);
  for (const Stretch* known = stretches; known != nullptr; known = known->next)
    if (known->start == start && known->bytes == bytes) return;  // a constructor called many times
  auto* stretch = arenaNew<Stretch>();
  stretch->start = start;
  stretch->bytes = bytes;
  stretch->next = stretches;
  stretches = stretch;
  __atomic_store_n(&benign_races, benign_races + 1, __ATOMIC_RELAXED);
}

bool isBenignRace(uptr line, u64 bytes) {
  if (__atomic_load_n(&benign_races, __ATOMIC_RELAXED) == 0) return false;
  SpinLockGuard guard(stretches_lock);
  for (const Stretch* stretch = stretches; stretch != nullptr && bytes != 0;
       stretch = stretch->next)
    bytes &= ~coveredBytes(*stretch, line, bytes);
  return bytes == 0;
}

void forgetBenignRaces(uptr start, size_t bytes) {
  SpinLockGuard guard(stretches_lock);
  for (Stretch** link = &stretches; *link != nullptr;) {
    Stretch* const found = *link;
    if (found->start - start >= bytes) {
      link = &found->next;
      continue;
    }
    *link = found->next;
    arenaFree(found, sizeof(Stretch));
    __atomic_store_n(&benign_races, benign_races - 1, __ATOMIC_RELAXED);
  }
}

}  // namespace hindsight
