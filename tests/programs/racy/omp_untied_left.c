// omp_untied_left.c - the last part of an untied task ends in one thread while another has enqueued it, but
// not yet returned from the part before; libomp takes the task to be complete when that one returns.
// Racy: what that one runs next waits for nothing.
//
// EXPECT: races=1
// EXPECT: at=other
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include "untied_task.h"

#include "schedule.h"

static int value;

static int runPart(int thread, struct UntiedTask* task) {
  if (task->part == 0) {
    task->part = 1;
    __kmpc_omp_task(NULL, thread, task);
    stepWait(1);
    return 0;
  }
  // Another thread steals the first task, this one takes the last.
#pragma omp task
  {
    value = 1;  // at: other
    stepAdvance();
  }
#pragma omp task
  {
    stepAdvance();
    stepWait(2);
  }
  value = 2;
  return 0;
}

int main(void) {
#pragma omp parallel num_threads(2)
#pragma omp single
  {
    const int thread = __kmpc_global_thread_num(NULL);
    struct UntiedTask* const task =
        __kmpc_omp_task_alloc(NULL, thread, kUntiedTask, sizeof *task, 0, runPart);
    task->part = 0;
    __kmpc_omp_task(NULL, thread, task);
  }
  return value >= 1 ? 0 : 1;
}
