// sync_mutex_timedlock.cpp - pthread_mutex_timedlock, in time and too late.
// Racy: the lock times out, which orders nothing.
#include <errno.h>
#include <pthread.h>
#include <time.h>

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
        timespec deadline;
        clock_gettime(CLOCK_REALTIME, &deadline);
        if (pthread_mutex_timedlock(&mutex, &deadline) != ETIMEDOUT) abort();
        value = 2;
        stepAdvance();
      });
  return 0;
}
