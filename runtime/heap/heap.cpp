#include "heap/heap.h"

#include "heap/allocator_code.h"

namespace hindsight {

constinit AllocatorCode allocator_code{};

void changeSize(uptr block, size_t size) {
  u64* const half = blockHalf(block) + 1;
  __atomic_store_n(half, (*half & ~static_cast<u64>(kLargestBlock)) | size, __ATOMIC_RELAXED);
}

Block describeBlock(uptr block) {
  const u64 first = __atomic_load_n(blockHalf(block), __ATOMIC_ACQUIRE);  // pairs with: blockBegins
  return {static_cast<u32>(first), static_cast<u32>((first & ~heap_detail::kLive) >> 32),
          sizeOf(block), offsetOf(block)};
}

uptr findBlock(uptr address) {
  if (!isApplication(address)) return 0;
  constexpr uptr kLargestSearch = 16ull << 30;
  const uptr low_end =
      address >= address_layout.high_begin ? address_layout.high_begin : address_layout.low_begin;
  const uptr stop = max(low_end, address > kLargestSearch ? address - kLargestSearch : 0);
  for (uptr at = roundDown(address, kBlockAlignment); at >= stop; at -= kBlockAlignment) {
    if (*blockFlag(at) == 0)
      at = roundDown(at, kBlockFlagSpan);
    else if (isBlock(at))
      return address < at + max<u64>(sizeOf(at), 1) ? at : 0;
  }
  return 0;
}

}  // namespace hindsight
