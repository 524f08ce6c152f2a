// omp_fork_join.c - what happens before a parallel region, in it, and after it.
// Racy: the first thread writes after the region has begun, not before.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
// EXPECT: at=read
// EXPECT: at=write
// EXPECT: contains "OpenMP worker"
// EXPECT: matches "^  main\(\)"
#include <omp.h>

#include "schedule.h"

static int before, results[3];

int main(void) {
#pragma omp parallel num_threads(3)
  {
    const int me = omp_get_thread_num();
    if (me == 0) {
      before = 1;  // at: write
      stepAdvance();
    } else {
      stepWait(1);
      results[me] = before;  // at: read
    }
  }
  return results[1] + results[2] == 2 ? 0 : 1;
}
