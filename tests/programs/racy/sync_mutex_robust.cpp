// sync_mutex_robust.cpp - the owner of a robust mutex ends without unlocking it.
// Racy: the other thread reads without locking.
// TSan: false report on the clean twin.
#include <errno.h>
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex;
int value;

int main() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &attributes);
  runThreads(
      [] {
        pthread_mutex_lock(&mutex);
        stepAdvance();
        value = 1;
        stepAdvance();
      },
      [] {
        stepWait(2);
        ++value;
      });
  return value == 2 ? 0 : 1;
}
