// sync_mutex_trylock.cpp - a try that succeeds is a lock, one that fails orders nothing.
// Racy: the try fails, the thread goes on as if it had not.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
int value;

int main() {
  runThreads(
      [] {
        pthread_mutex_lock(&mutex);
        value = 1;
        stepAdvance();
        stepWait(2);
        pthread_mutex_unlock(&mutex);
      },
      [] {
        stepWait(1);
        if (pthread_mutex_trylock(&mutex) == 0) abort();
        value = 2;
        stepAdvance();
      });
  return 0;
}
