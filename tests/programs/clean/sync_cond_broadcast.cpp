// sync_cond_broadcast.cpp - one broadcast wakes three waiters, one after the other.
// Clean: the waiters write while they own the mutex.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
bool ready;
int value;

void waiter() {
  pthread_mutex_lock(&mutex);
  stepAdvance();
  while (!ready) pthread_cond_wait(&condition, &mutex);
  ++value;
  pthread_mutex_unlock(&mutex);
}

int main() {
  runThreads(waiter, waiter, waiter, [] {
    stepWait(3);
    pthread_mutex_lock(&mutex);
    ready = true;
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
  });
  return 0;
}
