// omp_lock_order.c - locks and critical regions that are taken in a cycle are a potential deadlock.
// Racy: one thread takes the lock inside the critical region, the other the region inside the lock.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
// EXPECT: reports=1
// EXPECT: contains "POTENTIAL DEADLOCK"
#include <omp.h>

#include "schedule.h"

static omp_lock_t lock;
static int total;

static void outside(void) {
#pragma omp critical(region)
  {
    omp_set_lock(&lock);
    ++total;
    omp_unset_lock(&lock);
  }
}

static void inside(void) {
  omp_set_lock(&lock);
#pragma omp critical(region)
  ++total;
  omp_unset_lock(&lock);
}

int main(void) {
  omp_init_lock(&lock);
#pragma omp parallel num_threads(2)
  {
    if (omp_get_thread_num() == 0) {
      outside();
      stepAdvance();
    } else {
      stepWait(1);
      inside();
    }
  }
  omp_destroy_lock(&lock);
  return total == 2 ? 0 : 1;
}
