// sync_mutex_recursive.cpp - a recursive mutex is free only after the outermost unlock.
// Racy: the write comes after the outermost unlock.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex;
int value;

int main() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&mutex, &attributes);
  runThreads(
      [] {
        pthread_mutex_lock(&mutex);
        pthread_mutex_lock(&mutex);
        pthread_mutex_trylock(&mutex);
        pthread_mutex_unlock(&mutex);
        pthread_mutex_unlock(&mutex);
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
  pthread_mutex_destroy(&mutex);
  pthread_mutexattr_destroy(&attributes);
  return 0;
}
