// omp_single.c - a single region ends with a barrier, unless nowait says otherwise.
// Clean: the others wait.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int value, seen[3];

int main(void) {
#pragma omp parallel num_threads(3)
  {
#pragma omp single
    {
      value = 7;
      stepAdvance();
    }
    stepWait(1);
    seen[omp_get_thread_num()] = value;
  }
  return seen[0] + seen[1] + seen[2] == 21 ? 0 : 1;
}
