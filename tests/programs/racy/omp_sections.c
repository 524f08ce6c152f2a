// omp_sections.c - sections run in parallel; the construct ends with a barrier.
// Racy: two sections use the same variable.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int first, second;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(2) shared(seen)
  {
#pragma omp sections
    {
#pragma omp section
      {
        first = 1;
        barrierUninstrumented(2);
      }
#pragma omp section
      {
        barrierUninstrumented(2);
        second = first;
      }
    }
#pragma omp single
    seen = first + second;
  }
  return seen >= 2 ? 0 : 1;
}
