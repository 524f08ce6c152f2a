// omp_task.c - what happens before a task is created happens before it runs.
// Clean: the parent writes before.
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
    value = 1;
#pragma omp task shared(seen)
    {
      stepWait(1);
      seen = value;  // at: task
      stepAdvance();
    }
    stepAdvance();
    stepWait(2);  // the other thread runs the task
  }
  return seen == 1 ? 0 : 1;
}
