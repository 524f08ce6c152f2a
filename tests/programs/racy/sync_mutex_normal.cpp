// sync_mutex_normal.cpp - two critical sections of one default mutex.
// Racy: the second thread does not lock.
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
        value = 2;
      });
  return 0;
}
