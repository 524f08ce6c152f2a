// omp_taskwait.c - taskwait waits for the children of the task.
// Racy: there is none.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int value;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(2)
#pragma omp single
  {
#pragma omp task
    {
      value = 1;
      stepAdvance();
    }
    stepWait(1);  // the other thread runs the task
    seen = value;
  }
  return seen == 1 ? 0 : 1;
}
