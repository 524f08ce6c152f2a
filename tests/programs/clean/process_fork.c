// The detector goes on in a forked child: it starts with the one thread, and finds the races of its own ones.
// Clean: what the parent's other thread did cannot race in the child.
#include <pthread.h>
#include <stdlib.h>
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
  pthread_join(thread, NULL);
  stepWait(2);
  value_of_child = 2;
  return 0;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, writeValue, NULL);
  stepWait(1);
  const pid_t pid = fork();
  if (pid == 0) exit(child());
  int status;
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) abort();
  stepAdvance();
  pthread_join(thread, NULL);
  exit(WEXITSTATUS(status));
}
