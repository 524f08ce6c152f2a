// A copy of the process, made by clone3 as fork makes it, starts with one thread and no reports.
// Racy: in the parent, before. The child ends with its own status.
// EXPECT: races=1
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schedule.h"

static int value;

static void* writeValue(void* unused) {
  value = 1;
  stepAdvance();
  stepWait(2);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, writeValue, NULL);
  stepWait(1);
  value = 2;
  USE_VALUE(&value);
  struct clone_args how = {.exit_signal = SIGCHLD};
  const long child = syscall(SYS_clone3, &how, sizeof how);
  if (child == 0) {
    _exit(5);
  }
  int status = 0;
  if (child > 0 && (waitpid((pid_t)child, &status, 0) != child || WEXITSTATUS(status) != 5)) abort();
  stepAdvance();
  pthread_join(thread, NULL);
  return 0;
}
