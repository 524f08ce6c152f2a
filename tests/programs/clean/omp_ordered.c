// omp_ordered.c - ordered regions run in the order of the iterations, each after the one before.
// Clean: it is used in the region only.
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
#pragma omp ordered
    total = total * 2 % 1000 + i;
    barrierUninstrumented(3);
  }
  return total >= 0 ? 0 : 1;
}
