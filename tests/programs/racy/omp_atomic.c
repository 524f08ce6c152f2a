// omp_atomic.c - atomic constructs.
// Racy: one access to the variable is not atomic.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int counter;
static double sum;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(2) shared(seen)
  {
#pragma omp atomic
    sum += 0.5;
    if (omp_get_thread_num() == 0) {
#pragma omp atomic update
      counter += 1;
      stepAdvance();
    } else {
      int mine;
      stepWait(1);
      mine = counter;
      seen = mine;
    }
  }
  return seen == 1 && sum == 1 ? 0 : 1;
}
