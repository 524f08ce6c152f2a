// omp_for_dynamic.c - iterations of a loop with schedule(dynamic) are not ordered, whatever hands them out.
// Racy: an iteration reads what the one before wrote.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int cells[8], copies[8];

int main(void) {
#pragma omp parallel num_threads(2)
  {
#pragma omp for schedule(dynamic, 1)
    for (int i = 0; i < 8; ++i) {
      cells[i] = i;
      barrierUninstrumented(2);  // iterations 0 to 3 run in one thread, 4 to 7 in the other
      copies[i] = cells[i ^ 4];
    }
#pragma omp for schedule(dynamic, 1)
    for (int i = 0; i < 8; ++i) copies[i] += i == 0 ? 0 : cells[i - 1];
  }
  return copies[7] >= 6 ? 0 : 1;
}
