// A detached thread has ended, and nobody was ordered after it, when the process forks. That orders nothing in the
// parent, which writes what the thread has written.
// EXPECT: races=1
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schedule.h"

static int value;

static void* writeValue(void* unused) {
  value = 1;
  return unused;
}

HINDSIGHT_TEST_UNINSTRUMENTED static int threadsOfProcess(void) {
  char line[256];
  int threads = 0;
  FILE* status = fopen("/proc/self/status", "r");
  while (fgets(line, sizeof line, status) != NULL) sscanf(line, "Threads: %d", &threads);
  fclose(status);
  return threads;
}

int main(void) {
  USE_VALUE(&value);
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  pthread_create(&thread, &detached, writeValue, NULL);
  while (threadsOfProcess() != 1) sched_yield();
  const pid_t pid = fork();
  if (pid == 0) exit(0);
  int status;
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) abort();
  value = 2;
  return WEXITSTATUS(status);
}
