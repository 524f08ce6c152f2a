// sync_mutex_normal.cpp - two critical sections of one default mutex.
// Clean: the unlock happens before the second thread's lock.
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
        pthread_mutex_unlock(&mutex);
        stepAdvance();
      },
      [] {
        stepWait(1);
        pthread_mutex_lock(&mutex);
        value = 2;
        pthread_mutex_unlock(&mutex);
      });
  return 0;
}
