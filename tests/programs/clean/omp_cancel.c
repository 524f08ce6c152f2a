// omp_cancel.c - a search that is cancelled when something has been found.
// Clean: under a critical region.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int found;

int main(void) {
#pragma omp parallel num_threads(3)
  {
#pragma omp for schedule(static)
    for (int i = 0; i < 300; ++i) {
      if (i % 100 == 0) barrierUninstrumented(3);
      if (i % 100 == 10) {
        #pragma omp critical
        found = i;
      }
#pragma omp cancel for if (i % 100 == 10)
    }
  }
  return found % 100 == 10 || found == 0 ? 0 : 1;
}
