// omp_critical.c - critical regions exclude each other only if they have the same name.
// Clean: the name is the same.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int total;

int main(void) {
#pragma omp parallel num_threads(2)
  {
    if (omp_get_thread_num() == 0) {
#pragma omp critical(one)
      total += 1;  // at: one
      stepAdvance();
    } else {
      stepWait(1);
#pragma omp critical(one)
      total += 2;  // at: two
    }
  }
  return total == 3 ? 0 : 1;
}
