// omp_simd.c - a loop that is both shared out and vectorised.
// Racy: each element is computed from the next one, which another thread may be writing.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

enum { kCount = 4096 };

static float from[kCount + 1], to[kCount + 1];

int main(void) {
  for (int i = 0; i <= kCount; ++i) from[i] = (float)i;
#pragma omp parallel for simd num_threads(4) schedule(simd : static)
  for (int i = 0; i < kCount; ++i) from[i] = from[i + 1] * 2;
  return from[0] == 2 ? 0 : 1;
}
