// omp_untied.c - an untied task goes on in another thread where it left off.
// Clean: all of it is one task.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

enum { kTasks = 8 };

static int cells[kTasks];

int main(void) {
#pragma omp parallel num_threads(3)
#pragma omp single
  for (int i = 0; i < kTasks; ++i) {
#pragma omp task untied firstprivate(i)
    {
      cells[i] += 1;
#pragma omp taskyield
      cells[i] += 1;
#pragma omp task untied firstprivate(i)
      {
        cells[i] += 1;
        barrierUninstrumented(2);  // two threads
      }
#pragma omp taskwait
      cells[i] += 1;
    }
  }
  return cells[0] >= 3 ? 0 : 1;
}
