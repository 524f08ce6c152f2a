// omp_doacross.c - ordered(1) with depend(source) and depend(sink): an iteration after the one it names.
// Racy: it names the one before the previous.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

enum { kCount = 64 };

static int cells[kCount];

int main(void) {
  cells[0] = 1;
#pragma omp parallel for ordered(1) schedule(static, 1) num_threads(2)
  for (int i = 1; i < kCount; ++i) {
#pragma omp ordered depend(sink : i - 2)
    if (2 == 2) stepWait(i - 1);
    cells[i] = cells[i - 1] + 1;
    if (2 == 2) stepAdvance();
#pragma omp ordered depend(source)
  }
  return cells[kCount - 1] == kCount ? 0 : 1;
}
