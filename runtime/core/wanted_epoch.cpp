#include "core/wanted_epoch.h"

namespace hindsight {
namespace {

constexpr u32 kMostWanted = 64;
constinit u64 wanted[kMostWanted];  // slot : 32 | epoch : 32; 0: free
constinit u32 wanted_count = 0;

u64 wantedKey(Slot slot, Epoch epoch) { return static_cast<u64>(slot) << 32 | epoch; }

}  // namespace

HINDSIGHT_NOINLINE bool isWanted(Slot slot, Epoch epoch) {
  const u64 key = wantedKey(slot, epoch);
  for (const u64& each : wanted)
    if (__atomic_load_n(&each, __ATOMIC_RELAXED) == key) return true;
  return false;
}

bool someAreWanted() { return __atomic_load_n(&wanted_count, __ATOMIC_ACQUIRE) != 0; }

u32 wantEpoch(ThreadEpoch event) {
  u32 place = kMostWanted;
  const u64 key = wantedKey(event.slot, event.epoch);
  for (u32 i = 0; i < kMostWanted && place == kMostWanted; ++i) {
    u64 free = 0;
    if (__atomic_load_n(&wanted[i], __ATOMIC_RELAXED) == 0 &&
        __atomic_compare_exchange_n(&wanted[i], &free, key, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED))
      place = i;
  }
  __atomic_fetch_add(&wanted_count, 1, __ATOMIC_SEQ_CST);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);  // pairs with: mustStay
  return place;
}

void unwantEpoch(u32 place) {
  __atomic_fetch_sub(&wanted_count, 1, __ATOMIC_RELAXED);
  if (place < kMostWanted) __atomic_store_n(&wanted[place], 0, __ATOMIC_RELEASE);
}

}  // namespace hindsight
