// omp_lastprivate.c - lastprivate: the last iteration stores the variable, before the barrier.
// Clean: it reads it after the loop.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

int main(void) {
  int last = -1, seen[2] = {0, 0};
  int* const address = &last;
#pragma omp parallel num_threads(2) shared(last, seen)
  {
#pragma omp for lastprivate(last) schedule(static, 1)
    for (int i = 0; i < 2; ++i) {
      last = i;
      seen[i] = last;
      barrierUninstrumented(2);
    }
    seen[omp_get_thread_num()] = *address;
  }
  return seen[0] + seen[1] == 2 ? 0 : 1;
}
