#include "entry/range_simd.h"

namespace hindsight {
namespace {

// A vector of the widest size the compiler may assume everywhere, and its AVX2 twin.
template <int kBytes>
HINDSIGHT_ALWAYS_INLINE bool equalBlocks(const Cell*& cells, size_t& count, Cell own) {
  typedef Cell Vector __attribute__((vector_size(kBytes), aligned(4)));
  constexpr size_t kCells = kBytes / sizeof(Cell);
  const Vector wanted = Vector{} + own;
  while (count >= 4 * kCells) {
    const auto* block = reinterpret_cast<const Vector*>(cells);
    const Vector difference =
        (block[0] ^ wanted) | (block[1] ^ wanted) | (block[2] ^ wanted) | (block[3] ^ wanted);
    u64 words[kBytes / 8];
    __builtin_memcpy(words, &difference, sizeof(words));
    u64 any = 0;
    for (u64 word : words) any |= word;
    if (any != 0) return false;
    cells += 4 * kCells;
    count -= 4 * kCells;
  }
  return true;
}

template <int kBytes>
HINDSIGHT_ALWAYS_INLINE void fillBlocks(Cell* cells, size_t count, Cell cell) {
  typedef Cell Vector __attribute__((vector_size(kBytes), aligned(4)));
  for (size_t i = 0; i < count; i += kBytes / sizeof(Cell))
    *reinterpret_cast<Vector*>(cells + i) = Vector{} + cell;
}

bool equalRest(const Cell* cells, size_t count, Cell own) {
  for (; count != 0; ++cells, --count)
    if (*cells != own) return false;
  return true;
}

#if defined(__x86_64__)
/// Asked of the processor: the compiler's own helper needs libgcc.
bool hasAvx2() {
  enum : u8 { kUnknown, kNo, kYes };
  static constinit u8 known = kUnknown;
  if (known != kUnknown) return known == kYes;
  constexpr u32 kOsSavesRegisters = 1u << 27, kAvx2 = 1u << 5, kVectorState = 6;
  u32 a = 1, b = 0, c = 0, d = 0;
  asm("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  bool has = false;
  if ((c & kOsSavesRegisters) != 0) {
    u32 low, high;
    asm("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    a = 7;
    c = 0;
    asm("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    has = (low & kVectorState) == kVectorState && (b & kAvx2) != 0;
  }
  known = has ? kYes : kNo;
  return has;
}

__attribute__((target("avx2"))) bool cellsEqualAvx2(const Cell* cells, size_t count, Cell own) {
  typedef Cell Vector __attribute__((vector_size(32), aligned(4)));
  const Vector wanted = Vector{} + own;
  while (count >= 32) {
    const auto* block = reinterpret_cast<const Vector*>(cells);
    const Vector difference =
        (block[0] ^ wanted) | (block[1] ^ wanted) | (block[2] ^ wanted) | (block[3] ^ wanted);
    typedef long long Wide __attribute__((vector_size(32)));
    const Wide bits = reinterpret_cast<const Wide&>(difference);
    if (!__builtin_ia32_ptestz256(bits, bits)) return false;
    cells += 32;
    count -= 32;
  }
  return equalRest(cells, count, own);
}

__attribute__((target("avx2"))) void fillCellsAvx2(Cell* cells, size_t count, Cell cell) {
  fillBlocks<32>(cells, count, cell);
}
#endif

}  // namespace

bool cellsEqual(const Cell* cells, size_t count, Cell own) {
#if defined(__x86_64__)
  if (count >= 32 && hasAvx2()) return cellsEqualAvx2(cells, count, own);
#endif
  return equalBlocks<16>(cells, count, own) && equalRest(cells, count, own);
}

void fillCells(Cell* cells, size_t count, Cell cell) {
#if defined(__x86_64__)
  if (hasAvx2()) return fillCellsAvx2(cells, count, cell);
#endif
  fillBlocks<16>(cells, count, cell);
}

}  // namespace hindsight
