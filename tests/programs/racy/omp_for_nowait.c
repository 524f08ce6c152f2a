// omp_for_nowait.c - a loop ends with a barrier, unless nowait says otherwise.
// Racy: the next loop, with the iterations the other way round, does not wait.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int cells[2];

int main(void) {
  int sum = 0;
#pragma omp parallel num_threads(2) reduction(+ : sum)
  {
#pragma omp for schedule(static, 1) nowait
    for (int i = 0; i < 2; ++i) cells[i] = i + 1;
    barrierUninstrumented(2);
#pragma omp for schedule(static, 1)
    for (int i = 0; i < 2; ++i) sum += cells[1 - i];
  }
  return sum == 3 ? 0 : 1;
}
