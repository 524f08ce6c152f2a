// omp_task.c - what happens before a task is created happens before it runs.
// Racy: the parent writes after it has created the task.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
// EXPECT: at=task
#include <omp.h>

#include "schedule.h"

static int value;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(2)
#pragma omp single
  {
#pragma omp task shared(seen)
    {
      stepWait(1);
      seen = value;  // at: task
      stepAdvance();
    }
    value = 1;
    stepAdvance();
    stepWait(2);  // the other thread runs the task
  }
  return seen == 1 ? 0 : 1;
}
