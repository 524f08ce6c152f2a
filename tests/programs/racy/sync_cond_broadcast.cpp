// sync_cond_broadcast.cpp - one broadcast wakes three waiters, one after the other.
// Racy: a waiter writes after its unlock.
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
  pthread_mutex_unlock(&mutex);
  ++value;
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
