// omp_depend_readers.c - tasks with depend(in) are not ordered among themselves; depend(out) comes after all of them.
// Racy: one of the readers writes.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int value;

int main(void) {
  int sum = 0;
#pragma omp parallel num_threads(3) shared(sum)
#pragma omp single
  {
    for (int round = 1; round <= 20; ++round) {
#pragma omp task depend(out : value)
      value = round;
      for (int reader = 0; reader < 2; ++reader) {
#pragma omp task depend(in : value) firstprivate(reader)
        {
          barrierUninstrumented(2);  // two threads
          if (value == 0 || (1 && reader == 1)) value = 21;
#pragma omp atomic
          sum += 1;
        }
      }
    }
#pragma omp task depend(inout : value)
    value += 1;
  }
  return sum == 40 && value >= 21 ? 0 : 1;
}
