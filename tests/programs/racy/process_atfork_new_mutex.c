// A handler takes a mutex before the fork; the child's handler makes it anew by assignment. The child writes after it
// has given the mutex back: nothing orders the reader after that.
// EXPECT: races=1
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schedule.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void prepare(void) { pthread_mutex_lock(&mutex); }
static void inParent(void) { pthread_mutex_unlock(&mutex); }
static void inChild(void) { mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER; }

static void* reader(void* unused) {
  stepWait(1);
  pthread_mutex_lock(&mutex);
  USE_VALUE(value);
  pthread_mutex_unlock(&mutex);
  return unused;
}

static int child(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, reader, NULL);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  value = 42;
  stepAdvance();
  pthread_join(thread, NULL);
  return 0;
}

int main(void) {
  pthread_atfork(prepare, inParent, inChild);
  const pid_t pid = fork();
  if (pid == 0) exit(child());
  int status;
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) abort();
  exit(WEXITSTATUS(status));
}
