// sync_cond_signal.cpp - a condition wait is an unlock and a lock; the signal itself orders
// nothing. Racy: the write comes after the unlock, between it and the signal.
#include <pthread.h>

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
        pthread_mutex_lock(&mutex);  // the other thread is in its wait
        ready = true;
        pthread_mutex_unlock(&mutex);
        value = 1;
        pthread_cond_signal(&condition);
        stepAdvance();
      },
      [] {
        pthread_mutex_lock(&mutex);
        stepAdvance();
        while (!ready) pthread_cond_wait(&condition, &mutex);
        pthread_mutex_unlock(&mutex);
        stepWait(2);
        if (value != 1) abort();
      });
  return 0;
}
