// omp_test_lock.c - omp_test_lock orders if it gets the lock, and only then.
// Racy: it does not get the lock, and the thread goes on all the same.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static omp_lock_t lock;
static int total;

int main(void) {
  omp_init_lock(&lock);
#pragma omp parallel num_threads(2)
  {
    if (omp_get_thread_num() == 0) {
      omp_set_lock(&lock);
      total += 1;
      stepAdvance();
      stepWait(2);
      omp_unset_lock(&lock);
    } else {
      stepWait(1);
      const int got = omp_test_lock(&lock);
      total += 2;
      stepAdvance();
      if (got) omp_unset_lock(&lock);
    }
  }
  omp_destroy_lock(&lock);
  return total == 3 ? 0 : 1;
}
