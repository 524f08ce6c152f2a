// Handlers of pthread_atfork take a library's lock over a fork, so that the child finds its data whole.
// EXPECT: races=1
// Racy: the preparation reads what the lock guards before it takes it.
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schedule.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int guarded;

static void prepare(void) {
  if (guarded != 1) abort();
  pthread_mutex_lock(&mutex);
}
static void release(void) { pthread_mutex_unlock(&mutex); }

static void* change(void* unused) {
  pthread_mutex_lock(&mutex);
  guarded = 1;
  pthread_mutex_unlock(&mutex);
  stepAdvance();
  stepWait(2);
  return unused;
}

int main(void) {
  pthread_atfork(prepare, release, release);
  pthread_t thread;
  pthread_create(&thread, NULL, change, NULL);
  stepWait(1);
  const pid_t pid = fork();
  if (pid == 0) {
    pthread_mutex_lock(&mutex);
    guarded++;
    pthread_mutex_unlock(&mutex);
    _exit(guarded == 2 ? 0 : 1);
  }
  int status;
  if (waitpid(pid, &status, 0) != pid || status != 0) abort();
  stepAdvance();
  pthread_join(thread, NULL);
  return 0;
}
