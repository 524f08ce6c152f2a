// omp_barrier_phases.c - arrivals at the next barrier are not ordered before late departures from this one.
// Racy: the first thread writes after a barrier that both have passed, the second reads after the same one.
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
      stepWait(1);
      seen = value;
      #pragma omp barrier
    }
  }
  return seen == 1 ? 0 : 1;
}
