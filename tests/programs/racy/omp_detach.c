// omp_detach.c - a task with detach completes when its event is fulfilled.
// Racy: the event is fulfilled before the write.
//
// REQUIRES: openmp
// FLAGS: -std=gnu11 -fopenmp -fopenmp-version=51
#include <omp.h>

#include "schedule.h"

static int value;

int main(void) {
  int seen = 0;
#pragma omp parallel num_threads(2) shared(seen)
  {
    static omp_event_handle_t event;
    if (omp_get_thread_num() == 0) {
      omp_event_handle_t made;
#pragma omp task detach(made)
      {}
      __atomic_store_n(&event, made, __ATOMIC_RELAXED);
      stepAdvance();
#pragma omp taskwait
      stepWait(2);
      seen = value;
    } else {
      stepWait(1);
      const omp_event_handle_t theirs = __atomic_load_n(&event, __ATOMIC_RELAXED);
      omp_fulfill_event(theirs);
      value = 1;
      stepAdvance();
    }
  }
  return seen == 1 ? 0 : 1;
}
