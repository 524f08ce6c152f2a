// omp_barrier_phases.c - arrivals at the next barrier are not ordered before late departures from this one.
// Clean: the second reads after the barrier that follows the write.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int value;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(2) shared(seen)
  {
#pragma omp barrier
    if (omp_get_thread_num() == 0) {
      value = 1;
      stepAdvance();
      #pragma omp barrier
    } else {
      #pragma omp barrier
      stepWait(1);
      seen = value;
    }
  }
  return seen == 1 ? 0 : 1;
}
