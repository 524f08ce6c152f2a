// sync_cond_clockwait.cpp - pthread_cond_clockwait, woken and timed out.
// Racy: the write comes after the unlock.
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
bool ready;
int value;

int main() {
  runThreads(
      [] {
        stepWait(1);
        pthread_mutex_lock(&mutex);
        ready = true;
        pthread_cond_signal(&condition);
        pthread_mutex_unlock(&mutex);
        value = 1;
        stepAdvance();
      },
      [] {
        timespec deadline;
        clock_gettime(CLOCK_MONOTONIC, &deadline);
        pthread_mutex_lock(&mutex);
        if (pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &deadline) != ETIMEDOUT)
          abort();
        stepAdvance();
        deadline.tv_sec += 60;
        while (!ready)
          if (pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &deadline) != 0) abort();
        pthread_mutex_unlock(&mutex);
        stepWait(2);
        if (value != 1) abort();
      });
  return 0;
}
