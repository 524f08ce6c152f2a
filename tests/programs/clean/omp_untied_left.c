// omp_untied_left.c - the last part of an untied task ends in one thread while another has enqueued it, but
// not yet returned from the part before; libomp takes the task to be complete when that one returns.
// Clean: what waits for the task comes after both parts.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include "untied_task.h"

#include "schedule.h"

enum { kTaskwait, kDepend, kDestructor, kTaskgroup, kBarrier, kKinds, kRounds = 40 * kKinds };

static int values[kRounds];
static int failures;

static int runPart(int thread, struct UntiedTask* task) {
  if (task->part == 0) {
    *task->value = 1;
    task->part = 1;
    const int step = task->round + 1;
    __kmpc_omp_task(NULL, thread, task);
    stepWait(step);
    return 0;
  }
  *task->value += 1;
  const int kind = task->round % kKinds;
  if (kind == kTaskgroup || kind == kBarrier) {  // where a child's completion would tell of it
    stepAdvance();
    return 0;
  }
  // Comes after this part's end: it is run by the same thread, as the other one waits for it.
#pragma omp task
  stepAdvance();
  return 0;
}

static int destroy(int thread, struct UntiedTask* task) {
  (void)thread;
  *task->value += 1;
  return 0;
}

static int expected(int round) { return round % kKinds == kDestructor ? 3 : 2; }

static void check(int round) {
  if (values[round] != expected(round)) __atomic_store_n(&failures, 1, __ATOMIC_RELAXED);
}

static void createTask(int round) {
  const int thread = __kmpc_global_thread_num(NULL);
  const int kind = round % kKinds;
  struct UntiedTask* const task =
      __kmpc_omp_task_alloc(NULL, thread, kind == kDestructor ? kUntiedTaskWithDestructor : kUntiedTask,
                            sizeof *task, 0, runPart);
  task->value = &values[round];
  task->round = round;
  task->part = 0;
  if (kind == kDestructor) task->destructor = destroy;
  struct UntiedTaskDependence dependence = {&values[round], sizeof(int), 3};
  if (kind == kDepend)
    __kmpc_omp_task_with_deps(NULL, thread, task, 1, &dependence, 0, NULL);
  else
    __kmpc_omp_task(NULL, thread, task);
}

static void oneRound(int round) {
  switch (round % kKinds) {
    case kTaskgroup:
#pragma omp taskgroup
      createTask(round);
      return check(round);
    case kDepend:
      createTask(round);
#pragma omp task depend(in : values[round])
      check(round);
#pragma omp taskwait
      return;
    case kBarrier:
      return createTask(round);
    default:
      createTask(round);
#pragma omp taskwait
      check(round);
  }
}

int main(void) {
#pragma omp parallel num_threads(2)
  for (int round = 0; round < kRounds; ++round) {
#pragma omp single
    oneRound(round);
    check(round);
  }
  return failures;
}
