// omp_asleep.c - threads of the pool that fall asleep at once (KMP_BLOCKTIME) and are woken up by libomp's own locks,
// which order nothing.
// Racy: two tasks of different threads, one after the other in time.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
// ENV: KMP_BLOCKTIME=0
#include <omp.h>

#include "schedule.h"

static int value;

int main(void) {
  int sum = 0;
  for (int round = 0; round < 3; ++round) {
    struct StepCounter steps = {0};
#pragma omp parallel num_threads(3) shared(sum, steps)
    {
#pragma omp single nowait
      {
#pragma omp task shared(steps)
        {
          value = round;
          stepCounterAdvance(&steps);
          stepCounterWait(&steps, 2);
        }
#pragma omp task shared(steps, sum)
        {
          stepCounterWait(&steps, 1);
          sum += value;
          stepCounterAdvance(&steps);
        }
      }
    }
  }
  return sum == 3 ? 0 : 1;
}
