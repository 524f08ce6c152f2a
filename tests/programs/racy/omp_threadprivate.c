// omp_threadprivate.c - a threadprivate variable is each thread's own; copyin copies the first one's.
// Racy: it is an ordinary variable.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int counter = 1;

int main(void) {
  int sum = 0;
  counter = 5;
#pragma omp parallel num_threads(3)  reduction(+ : sum)
  {
    counter += omp_get_thread_num();
    barrierUninstrumented(3);
    sum += counter;
  }
  return sum >= 18 ? 0 : 1;
}
