// omp_depend_all.c - depend(inout: omp_all_memory): after all earlier siblings with dependences, before all later ones.
// Clean: it depends on all memory.
//
// REQUIRES: openmp
// FLAGS: -std=gnu11 -fopenmp -fopenmp-version=51
#include <omp.h>

#include "schedule.h"

static int first, second;

int main(void) {
  int seen = 0, writer = 0, reader = 0;
#pragma omp parallel num_threads(4) shared(seen, writer, reader)
#pragma omp single
  {
    // Until the tasks that race have run in different threads: one thread's tasks are ordered.
    for (int round = 0; round < 100000 && writer == reader; ++round) {
#pragma omp task depend(out : first)
      {
        first = round;
        __atomic_store_n(&writer, omp_get_thread_num(), __ATOMIC_RELAXED);
      }
#pragma omp task depend(out : second)
      second = round;
#pragma omp task depend(inout : omp_all_memory)
      {
        seen += first + second;
        __atomic_store_n(&reader, omp_get_thread_num(), __ATOMIC_RELAXED);
      }
#pragma omp task depend(in : first)
      {
        if (seen < 0) seen = 0;
      }
#pragma omp taskwait
    }
  }
  return seen >= 0 ? 0 : 1;
}
