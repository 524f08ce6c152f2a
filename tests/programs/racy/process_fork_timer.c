// A forked child deletes the timer that it knows of but has not inherited, and goes on being checked.
// Racy: its write does not wait for the thread.
// EXPECT: races=1
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "schedule.h"

static int value;

static void onTimer(union sigval unused) { (void)unused; }
static void* doNothing(void* unused) { return unused; }

static void* writeValue(void* unused) {
  value = 1;
  stepAdvance();
  return unused;
}

static int child(timer_t timer) {
  USE_VALUE(&value);
  if (timer_delete(timer) == 0) abort();
  pthread_t writer, other;
  pthread_create(&writer, NULL, writeValue, NULL);
  pthread_create(&other, NULL, doNothing, NULL);
  pthread_join(other, NULL);
  stepWait(1);
  value = 2;
  pthread_join(writer, NULL);
  return 0;
}

int main(void) {
  struct sigevent event = {0};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = onTimer;
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) abort();
  const pid_t pid = fork();
  if (pid == 0) exit(child(timer));
  int status;
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) abort();
  exit(WEXITSTATUS(status));
}
