// omp_task_reduction.c - task_reduction and in_reduction: the tasks of a taskgroup add to copies.
// Racy: one task adds to the variable itself.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

int main(void) {
  int sum = 0;
#pragma omp parallel num_threads(3) shared(sum)
#pragma omp single
  {
#pragma omp taskgroup task_reduction(+ : sum)
    {
      for (int i = 0; i < 30; ++i) {
#pragma omp task shared(sum)
        {
          sum += 1;
          barrierUninstrumented(3);
        }
      }
    }
  }
  return sum <= 30 ? 0 : 1;
}
