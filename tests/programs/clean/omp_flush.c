// omp_flush.c - a flush on both sides of an atomic flag publishes what was written before.
// Clean: both do.
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
      #pragma omp flush
#pragma omp atomic write
      flag = 1;
    } else {
      int ready = 0;
      while (!ready) {
#pragma omp atomic read
        ready = flag;
      }
#pragma omp flush
      seen = data;
    }
  }
  return seen == 42 ? 0 : 1;
}
