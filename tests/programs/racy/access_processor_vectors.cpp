// Vector instructions of the processor with a mask known at run time race in the lanes that are on.
// TSan: missed.
// FLAGS: -std=c++20 -pthread -mavx2
// REQUIRES: arch=x86_64
// EXPECT: races=5
#include <immintrin.h>

#include "threads.h"

alignas(32) int loaded[8], stored[8], bytes[8], gathered[8], unaligned[8];

/// Unknown to the compiler, which would make an access of its own of a known mask.
__attribute__((noinline)) __m256i evenLanes() {
  __m256i mask = _mm256_setr_epi32(-1, 0, -1, 0, -1, 0, -1, 0);
  asm volatile("" : "+x"(mask));
  return mask;
}
__attribute__((noinline)) void load() {
  USE_VALUE(_mm256_extract_epi32(_mm256_maskload_epi32(loaded, evenLanes()), 2));
}
__attribute__((noinline)) void store() {
  _mm256_maskstore_epi32(stored, evenLanes(), _mm256_set1_epi32(1));
}
__attribute__((noinline)) void storeBytes() {
  _mm_maskmoveu_si128(_mm_set1_epi8(1), _mm256_castsi256_si128(evenLanes()),
                      reinterpret_cast<char*>(bytes));
}
/// Of the elements at even places.
__attribute__((noinline)) void gather() {
  const __m256i indices = _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7);
  const __m256i sum =
      _mm256_mask_i32gather_epi32(_mm256_setzero_si256(), gathered, indices, evenLanes(), 4);
  USE_VALUE(_mm256_extract_epi32(sum, 2));
}
/// Bytes 2 to 17.
__attribute__((noinline)) void loadUnaligned() {
  const char* const from = reinterpret_cast<const char*>(unaligned) + 2;
  USE_VALUE(_mm_cvtsi128_si32(_mm_lddqu_si128(reinterpret_cast<const __m128i*>(from))));
}

int main() {
  runUnordered(load, [] { loaded[2] = 1; });
  runUnordered(store, [] { USE_VALUE(stored[6]); });
  runUnordered(storeBytes, [] { USE_VALUE(reinterpret_cast<char*>(bytes)[11]); });
  runUnordered(gather, [] { gathered[6] = 1; });
  runUnordered(loadUnaligned, [] { reinterpret_cast<char*>(unaligned)[17] = 1; });
}
