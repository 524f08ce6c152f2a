// sync_cond_timedwait.cpp - a condition wait that times out owns the mutex again.
// Clean: the write comes before the unlock, nobody signals.
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
        value = 1;
        pthread_mutex_unlock(&mutex);
        stepAdvance();
      },
      [] {
        pthread_mutex_lock(&mutex);
        stepAdvance();
        while (!ready) {
          timespec deadline;
          clock_gettime(CLOCK_REALTIME, &deadline);
          if (pthread_cond_timedwait(&condition, &mutex, &deadline) != ETIMEDOUT) abort();
        }
        pthread_mutex_unlock(&mutex);
        stepWait(2);
        if (value != 1) abort();
      });
  return 0;
}
