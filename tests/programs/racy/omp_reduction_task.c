// omp_reduction_task.c - reduction(task, ...): tasks of a worksharing region take part in its reduction.
// Racy: the tasks add to a shared variable instead.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

int main(void) {
  int sum = 0, other = 0;
  for (int round = 0; round < 20; ++round) {
#pragma omp parallel num_threads(3) reduction(task, + : sum) shared(other)
    {
      sum += 1;
      for (int i = 0; i < 4; ++i) {
#pragma omp task shared(other)
        other += 1;
      }
      barrierUninstrumented(3);
    }
  }
  return sum >= 60 ? 0 : 1;
}
