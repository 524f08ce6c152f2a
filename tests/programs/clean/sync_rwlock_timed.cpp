// sync_rwlock_timed.cpp - pthread_rwlock_timedrdlock, timedwrlock, clockrdlock, clockwrlock.
// Clean: all four are obtained.
// TSan: false report (it does not know the clock variants).
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "schedule.h"
#include "threads.h"

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
int values[4];

timespec deadlineIn(clockid_t clock, int seconds) {
  timespec deadline;
  clock_gettime(clock, &deadline);
  deadline.tv_sec += seconds;
  return deadline;
}

int main() {
  const timespec real_time = deadlineIn(CLOCK_REALTIME, 60);
  const timespec monotonic = deadlineIn(CLOCK_MONOTONIC, 60);
  runThreads(
      [&] {
        if (pthread_rwlock_timedwrlock(&lock, &real_time) != 0) abort();
        for (int& value : values) value = 1;
        stepAdvance();
        pthread_rwlock_unlock(&lock);
        if (pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &monotonic) != 0) abort();
        pthread_rwlock_unlock(&lock);
      },
      [&] {
        stepWait(1);
        if (pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &monotonic) != 0) abort();
        if (values[1] != 1) abort();
        pthread_rwlock_unlock(&lock);
        stepAdvance();
        if (pthread_rwlock_timedrdlock(&lock, &real_time) != 0) abort();
        if (values[2] != 1) abort();
        pthread_rwlock_unlock(&lock);
      });
  return 0;
}
