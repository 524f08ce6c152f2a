// omp_task_barrier.c - a barrier waits for all tasks of the team.
// Racy: the thread that reads has not passed one since the tasks were created.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

static int cells[32];

int main(void) {
  int sum = 0;
#pragma omp parallel num_threads(3) shared(sum)
  {
    if (omp_get_thread_num() == 0) {
      for (int i = 0; i < 32; ++i) {
#pragma omp task firstprivate(i)
        {
          cells[i] = 1;
          stepAdvance();
        }
      }
    }
    if (omp_get_thread_num() == 2) {
      stepWait(32);
      for (int i = 0; i < 32; ++i) sum += cells[i];
    }
  }
  return sum == 32 ? 0 : 1;
}
