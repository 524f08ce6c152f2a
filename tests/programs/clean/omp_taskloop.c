// omp_taskloop.c - the tasks of a taskloop are not ordered; its end waits for them.
// Clean: each has a copy of what it needs, and its own cell.
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

int main(void) {
  struct Weights weights;
  for (int i = 0; i < 20; ++i) weights.numbers[i] = i;
#pragma omp parallel num_threads(4)
#pragma omp single
  for (int round = 0; round < 4; ++round) {
    weights.numbers[0] = round;
#pragma omp taskloop grainsize(4) firstprivate(weights)
    for (int i = 0; i < kCount; ++i) {
      cells[i] += weights.numbers[i % 20];
      weights.numbers[1] = i;
    }
    total = 0;
    for (int i = 0; i < kCount; ++i) total += cells[i] != 0;
  }
  return total > 0 ? 0 : 1;
}
