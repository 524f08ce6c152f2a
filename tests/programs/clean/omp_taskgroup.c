// omp_taskgroup.c - a taskgroup waits for the tasks that its tasks create, too; taskwait does not.
// Clean: a taskgroup.
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
    #pragma omp taskgroup
    {
#pragma omp task
      {
#pragma omp task
        {
          value = 1;
          stepAdvance();
        }
      }
      stepWait(1);  // the other thread runs both
    }
    seen = value;
  }
  return seen == 1 ? 0 : 1;
}
