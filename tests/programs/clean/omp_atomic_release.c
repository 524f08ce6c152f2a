// omp_atomic_release.c - atomic constructs with memory orders publish as the C atomics of these orders do.
// Clean: the write releases, the read acquires.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

static int data, flag;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(2) shared(seen)
  {
    if (omp_get_thread_num() == 0) {
      data = 42;
#pragma omp atomic write release
      flag = 1;
    } else {
      int ready = 0;
      while (!ready) {
#pragma omp atomic read acquire
        ready = flag;
      }
      seen = data;
    }
  }
  return seen == 42 ? 0 : 1;
}
