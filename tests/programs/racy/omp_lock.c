// omp_lock.c - omp_set_lock and omp_unset_lock.
// Racy: the threads take two different locks.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
// EXPECT: contains "Lock held by"
#include <omp.h>

#include "schedule.h"

static omp_lock_t locks[2];
static int total;

static void add(omp_lock_t* lock, int number) {
  omp_set_lock(lock);
  total += number;
  omp_unset_lock(lock);
}

int main(void) {
  omp_init_lock(&locks[0]);
  omp_init_lock_with_hint(&locks[1], omp_lock_hint_contended);
#pragma omp parallel num_threads(2)
  {
    if (omp_get_thread_num() == 0) {
      add(&locks[0], 1);
      stepAdvance();
    } else {
      stepWait(1);
      add(&locks[1], 2);
    }
    for (int i = 0; i < 200; ++i) add(&locks[0], 0);
  }
  omp_destroy_lock(&locks[0]);
  omp_destroy_lock(&locks[1]);
  return total == 3 ? 0 : 1;
}
