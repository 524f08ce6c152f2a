// omp_lock_order.c - locks and critical regions that are taken in a cycle are a potential deadlock.
// Clean: both take the lock inside the region.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
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
  outside();
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
