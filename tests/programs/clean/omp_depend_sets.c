// omp_depend_sets.c - mutexinoutset: one task at a time; inoutset: all at once.
// Clean: mutexinoutset.
//
// REQUIRES: openmp
// FLAGS: -std=gnu11 -fopenmp -fopenmp-version=51
#include <omp.h>

#include "schedule.h"

static int value;

int main(void) {
#pragma omp parallel num_threads(3)
#pragma omp single
  {
    for (int round = 0; round < 10; ++round) {
#pragma omp task depend(out : value)
      value += 1;
      for (int i = 0; i < 2; ++i) {
#pragma omp task depend(mutexinoutset : value)
        {
          value += 1;
        }
      }
#pragma omp task depend(in : value)
      if (value < 0) value = 0;
    }
  }
  return value <= 30 ? 0 : 1;
}
