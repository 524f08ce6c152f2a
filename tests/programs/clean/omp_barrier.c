// omp_barrier.c - a barrier: every arrival happens before every departure.
// Clean: each thread reads what its neighbour wrote before the barrier, again and again.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

enum { kThreads = 4, kRounds = 20 };

static int cells[2][kThreads];

int main(void) {
  int wrong = 0;
#pragma omp parallel num_threads(kThreads) reduction(+ : wrong)
  {
    const int me = omp_get_thread_num();
    for (int round = 0; round < kRounds; ++round) {
      cells[round % 2][me] = round;
      barrierUninstrumented(kThreads);
      #pragma omp barrier
      wrong += cells[round % 2][(me + 1) % kThreads] != round;
    }
  }
  return wrong;
}
