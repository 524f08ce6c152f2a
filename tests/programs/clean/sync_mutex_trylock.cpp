// sync_mutex_trylock.cpp - a try that succeeds is a lock, one that fails orders nothing.
// Clean: the thread tries until it succeeds.
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
        stepAdvance();
        while (pthread_mutex_trylock(&mutex) != 0) sched_yield();
        value = 2;
        pthread_mutex_unlock(&mutex);
      });
  return 0;
}
