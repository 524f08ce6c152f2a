// The detector goes on in a child forked by syscall(): it starts with the one thread, and finds the races of its own ones.
// Racy: two threads of the child, in both ways to fork.
// EXPECT: races=2
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schedule.h"

static int value, value_of_child;

static void* writeValue(void* unused) {
  value = 1;
  stepAdvance();
  stepWait(2);
  return unused;
}

static void* writeInChild(void* unused) {
  value_of_child = 1;
  stepAdvance();
  return unused;
}

static int child(void) {
  USE_VALUE(&value_of_child);
  value = 2;
  pthread_t thread;
  pthread_create(&thread, NULL, writeInChild, NULL);
  stepWait(2);
  value_of_child = 2;
  pthread_join(thread, NULL);
  return 0;
}

static int childEnds(pid_t pid) {
  if (pid == 0) exit(child());
  int status;
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) abort();
  return WEXITSTATUS(status);
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, writeValue, NULL);
  stepWait(1);
  int result = childEnds((pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
#ifdef SYS_fork
  result |= childEnds((pid_t)syscall(SYS_fork));
#else /* AArch64 */
  result |= childEnds((pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
#endif
  stepAdvance();
  pthread_join(thread, NULL);
  exit(result);
}
