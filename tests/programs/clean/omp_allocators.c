// omp_allocators.c - blocks of OpenMP's allocators, which go from one thread to another.
// Clean: each thread uses the blocks that it was given, and gives them back.
//
// FLAGS: -std=gnu11 -fopenmp -fopenmp-version=51
// REQUIRES: openmp
#include <omp.h>
#include <string.h>

#include "schedule.h"

enum { kThreads = 3, kRounds = 200 };

static int* handed[kThreads];

int main(void) {
  int wrong = 0;
#pragma omp parallel num_threads(kThreads) reduction(+ : wrong)
  {
    const int me = omp_get_thread_num();
    for (int round = 0; round < kRounds; ++round) {
      int* block = omp_alloc(64 * sizeof(int), omp_default_mem_alloc);
      int* zeroes = omp_calloc(16, sizeof(int), omp_default_mem_alloc);
      for (int i = 0; i < 64; ++i) block[i] = me;
      wrong += zeroes[15] != 0;
      zeroes[0] = me;
      omp_free(zeroes, omp_default_mem_alloc);
      block = omp_realloc(block, 256 * sizeof(int), omp_default_mem_alloc, omp_default_mem_alloc);
      wrong += block[63] != me;
      // Freed by another thread: the next one that gets it is not ordered after this one.
      int* other = __atomic_exchange_n(&handed[(me + 1) % kThreads], block, __ATOMIC_ACQ_REL);
      if (other != NULL) omp_free(other, omp_default_mem_alloc);
    }
  }
  return wrong;
}
