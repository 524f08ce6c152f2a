// omp_taskwait_depend.c - taskwait depend(in): waits for the siblings that it names.
// Clean: it names the one.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int value, other;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(2)
#pragma omp single
  {
#pragma omp task depend(out : value)
    {
      value = 1;
      stepAdvance();
    }
    stepWait(1);  // the other thread runs the task
#pragma omp taskwait depend(in : value)
    seen = value;
  }
  (void)other;
  return seen == 1 ? 0 : 1;
}
