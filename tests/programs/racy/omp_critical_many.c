// omp_critical_many.c - a critical region that many threads enter: each end happens before the next begin.
// Racy: one of the threads reads without it.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

enum { kThreads = 4, kRounds = 500 };

static int total;
int last_seen;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(kThreads)
  for (int round = 0; round < kRounds; ++round) {
#pragma omp critical
    ++total;
    if (omp_get_thread_num() == 0) {
      last_seen = total;
    }
  }
  seen = total;
  return seen == kThreads * kRounds ? 0 : 1;
}
