// omp_ordered.c - ordered regions run in the order of the iterations, each after the one before.
// Racy: the variable is used outside of the region, too.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int total;
int seen;

int main(void) {
#pragma omp parallel for ordered schedule(static, 1) num_threads(3)
  for (int i = 0; i < 30; ++i) {
    if (i == 29) seen = total;
#pragma omp ordered
    total = total * 2 % 1000 + i;
    barrierUninstrumented(3);
  }
  return total >= 0 ? 0 : 1;
}
