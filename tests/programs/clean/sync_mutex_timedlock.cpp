// sync_mutex_timedlock.cpp - pthread_mutex_timedlock, in time and too late.
// Clean: the lock is obtained in time.
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
        pthread_mutex_unlock(&mutex);
      },
      [] {
        stepWait(1);
        timespec deadline;
        clock_gettime(CLOCK_REALTIME, &deadline);
        deadline.tv_sec += 60;
        if (pthread_mutex_timedlock(&mutex, &deadline) != 0) abort();
        value = 2;
        pthread_mutex_unlock(&mutex);
        stepAdvance();
      });
  return 0;
}
