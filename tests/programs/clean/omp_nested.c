// omp_nested.c - a parallel region inside another: its end orders its team, not the team outside.
// Clean: the outer thread whose inner team has written reads.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int written[2];

int main(void) {
  int sum = 0;
  omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2) shared(sum)
  {
    const int outer = omp_get_thread_num();
    if (outer == 0) {
#pragma omp parallel num_threads(2)
      written[omp_get_thread_num()] = 1;
      stepAdvance();
    }
    stepWait(1);
    if (outer == 0) sum = written[0] + written[1];
  }
  return sum == 2 ? 0 : 1;
}
