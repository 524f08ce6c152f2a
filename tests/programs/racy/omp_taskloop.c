// omp_taskloop.c - the tasks of a taskloop are not ordered; its end waits for them.
// Racy: they add to one variable.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

struct Weights {
  int numbers[20];
};

enum { kCount = 512 };

static int cells[kCount], total;
static unsigned threads;  // a bit for each that has run a task of the round

int main(void) {
  struct Weights weights;
  for (int i = 0; i < 20; ++i) weights.numbers[i] = i;
#pragma omp parallel num_threads(4)
#pragma omp single
  // Until tasks have run in different threads: one thread's tasks are ordered.
  for (int round = 0; round < 100000 && (threads & (threads - 1)) == 0; ++round) {
    __atomic_store_n(&threads, 0, __ATOMIC_RELAXED);
    weights.numbers[0] = round;
#pragma omp taskloop grainsize(4) firstprivate(weights)
    for (int i = 0; i < kCount; ++i) {
      cells[i] += weights.numbers[i % 20];
      weights.numbers[1] = i;
      if (i % 4 == 0) total += i;
      __atomic_fetch_or(&threads, 1u << omp_get_thread_num(), __ATOMIC_RELAXED);
    }
    total = 0;
    for (int i = 0; i < kCount; ++i) total += cells[i] != 0;
  }
  return total > 0 ? 0 : 1;
}
