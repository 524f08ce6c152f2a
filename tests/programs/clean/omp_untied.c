// omp_untied.c - an untied task goes on in another thread where it left off.
// Clean: all of it is one task.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>
#include <sched.h>

enum { kTasks = 8, kRounds = 1000 };

static int cells[kTasks];
static int inside, met;  // inner tasks that have written and not ended; two at a time have been seen

/// Stays a while, for another inner task to come.
static void meet(void) {
  if (__atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED) == 2) __atomic_store_n(&met, 1, __ATOMIC_RELAXED);
  for (int i = 0; i < 1000 && !__atomic_load_n(&met, __ATOMIC_RELAXED); ++i) sched_yield();
  __atomic_sub_fetch(&inside, 1, __ATOMIC_RELAXED);
}

int main(void) {
#pragma omp parallel num_threads(3)
#pragma omp single
  // Until two have met. All must not wait, since an inner task may be run on top of outer ones that have
  // not come that far.
  for (int round = 0; round < kRounds && !__atomic_load_n(&met, __ATOMIC_RELAXED); ++round) {
    for (int i = 0; i < kTasks; ++i) {
#pragma omp task untied firstprivate(i)
      {
        cells[i] += 1;
#pragma omp taskyield
        cells[i] += 1;
#pragma omp task untied firstprivate(i)
        {
          cells[i] += 1;
          meet();
        }
#pragma omp taskwait
        cells[i] += 1;
      }
    }
#pragma omp taskwait
  }
  return cells[0] >= 3 ? 0 : 1;
}
