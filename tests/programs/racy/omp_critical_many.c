// omp_critical_many.c - a critical region that many threads enter: each end happens before the next begin.
// Racy: one of the threads reads without it.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

enum { kThreads = 4, kRounds = 500 };

static int total;
int last_seen;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(kThreads)
  for (int round = 0; round < kRounds; ++round) {
    // The last of all to enter does so when thread 0 has read for the last time.
    if (omp_get_thread_num() == 1 && round == kRounds - 1) stepWait(1);
#pragma omp critical
    ++total;
    if (omp_get_thread_num() == 0) {
      last_seen = total;
      if (round == kRounds - 1) stepAdvance();
    }
  }
  seen = total;
  return seen == kThreads * kRounds ? 0 : 1;
}
