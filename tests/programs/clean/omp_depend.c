// omp_depend.c - a task with depend(in) runs after the last earlier sibling with depend(out) at the address.
// Clean: on the same.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int value, other;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(3) shared(seen)
#pragma omp single
  {
    struct StepCounter running = {0};
#pragma omp task depend(out : value) shared(running)
    {
      value = 1;
      stepCounterAdvance(&running);
      stepWait(1);
    }
#pragma omp task depend(in : value) shared(running, seen)
    {
      stepCounterWait(&running, 1);
      seen = value;
      stepAdvance();
    }
    stepCounterWait(&running, 1);
    stepAdvance();
#pragma omp taskwait
  }
  (void)other;
  return seen == 1 ? 0 : 1;
}
