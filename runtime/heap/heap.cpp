#include "heap/heap.h"

#include "core/address_map.h"

namespace hindsight {
namespace {

constexpr size_t kUnit = 16;

u64* starts(uptr address) {
  return reinterpret_cast<u64*>((address / (kUnit * 64)) * sizeof(u64) + kBlockStartBase);
}
u64 bit(uptr address) { return 1ull << (address / kUnit % 64); }

}  // namespace

void blockBegins(uptr block) { __atomic_fetch_or(starts(block), bit(block), __ATOMIC_RELAXED); }
void blockEnds(uptr block) { __atomic_fetch_and(starts(block), ~bit(block), __ATOMIC_RELAXED); }

bool isBlock(uptr address) {
  return address % kUnit == 0 && isApplication(address) &&
         (__atomic_load_n(starts(address), __ATOMIC_RELAXED) & bit(address)) != 0;
}

uptr findBlock(uptr address) {
  if (!isApplication(address)) return 0;
  constexpr uptr kLargestSearch = 16ull << 30;
  const uptr low_end = address >= kHighBegin ? kHighBegin : kLowBegin;
  const uptr stop = max(low_end, address > kLargestSearch ? address - kLargestSearch : 0);
  uptr at = roundDown(address, kUnit);
  u64 bits = *starts(at) & (bit(at) | (bit(at) - 1));
  while (bits == 0) {
    at = roundDown(at, kUnit * 64);
    if (at <= stop) return 0;
    at -= kUnit;
    bits = *starts(at);
  }
  const uptr block = roundDown(at, kUnit * 64) + (63u - static_cast<u32>(__builtin_clzll(bits))) * kUnit;
  return address < block + max<u64>(headerOf(block).size, 1) ? block : 0;
}

}  // namespace hindsight
