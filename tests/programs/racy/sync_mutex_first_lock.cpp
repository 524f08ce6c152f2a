// sync_mutex_first_lock.cpp - a lock comes before the other's, but the access is outside of both.
// Racy: order of locking in time is not order; the write precedes no unlock.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
int value;

int main() {
  runThreads(
      [] {
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        value = 1;
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
