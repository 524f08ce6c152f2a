// omp_fork_join.c - what happens before a parallel region, in it, and after it.
// Clean: the first thread writes before the region begins; what the others write is read after its end.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int before, results[3];

int main(void) {
  before = 1;
#pragma omp parallel num_threads(3)
  {
    const int me = omp_get_thread_num();
    if (me == 0) {
      stepAdvance();
    } else {
      stepWait(1);
      results[me] = before;  // at: read
    }
  }
  return results[1] + results[2] == 2 ? 0 : 1;
}
