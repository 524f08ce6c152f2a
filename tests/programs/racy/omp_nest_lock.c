// omp_nest_lock.c - a nestable lock is free when it has been unset as often as it was set.
// Racy: the second access comes after the last unset.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static omp_nest_lock_t lock;
static int total;

int main(void) {
  omp_init_nest_lock(&lock);
#pragma omp parallel num_threads(2)
  {
    omp_set_nest_lock(&lock);
    const int levels = omp_test_nest_lock(&lock);
    omp_unset_nest_lock(&lock);
    if (levels != 2) total = 100;
    omp_unset_nest_lock(&lock);
    total += 1;
    barrierUninstrumented(2);
  }
  omp_destroy_nest_lock(&lock);
  return total <= 2 ? 0 : 1;
}
