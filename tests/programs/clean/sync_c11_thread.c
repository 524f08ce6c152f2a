// sync_c11_thread.c - thrd_create happens before the thread's start, its end before thrd_join.
// Clean: the result is read after the join.
// TSan: stops with an error (C11 threads are unknown to it).
#include <threads.h>

#include "schedule.h"

struct Task {
  int argument;
  int result;
};

static int work(void* argument) {
  struct Task* task = argument;
  task->result = 2 * task->argument;
  stepAdvance();
  if (task->argument > 0) thrd_exit(task->argument);
  return -task->argument;
}

int main(void) {
  for (int i = 0; i < 2; ++i) {
    struct Task task = {i == 0 ? 21 : -21, 0};
    thrd_t thread;
    int status;
    if (thrd_create(&thread, work, &task) != thrd_success) return 1;
    stepWait(i + 1);
    if (thrd_join(thread, &status) != thrd_success || status != 21) return 1;
    int result = task.result;
    if (result != 2 * task.argument) return 1;
  }
  return 0;
}
