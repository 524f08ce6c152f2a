// omp_depend_all.c - depend(inout: omp_all_memory): after all earlier siblings with dependences, before all later ones.
// Racy: the task depends on nothing.
//
// REQUIRES: openmp
// FLAGS: -std=gnu11 -fopenmp -fopenmp-version=51
#include <omp.h>

#include "schedule.h"

static int first, second;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(4) shared(seen)
#pragma omp single
  {
    for (int round = 0; round < 10; ++round) {
#pragma omp task depend(out : first)
      first = round;
#pragma omp task depend(out : second)
      second = round;
#pragma omp task
      seen += first + second;
#pragma omp task depend(in : first)
      {
        if (seen < 0) seen = 0;
      }
    }
  }
  return seen >= 0 ? 0 : 1;
}
