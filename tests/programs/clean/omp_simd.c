// omp_simd.c - a loop that is both shared out and vectorised.
// Clean: each is computed from elements of another array.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

enum { kCount = 4096 };

static float from[kCount + 1], to[kCount + 1];

int main(void) {
  for (int i = 0; i <= kCount; ++i) from[i] = (float)i;
#pragma omp parallel for simd num_threads(4) schedule(simd : static)
  for (int i = 0; i < kCount; ++i) to[i] = from[i + 1] * 2;
  return to[0] == 2 ? 0 : 1;
}
