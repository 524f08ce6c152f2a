// sync_mutex_priority_inheritance.cpp - mutexes with priority protocols and adaptive ones.
// Racy: the second thread reads after its unlock.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t inheriting;
pthread_mutex_t adaptive = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
int first, second;

int main() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  pthread_mutex_init(&inheriting, &attributes);
  runThreads(
      [] {
        stepWait(1);
        pthread_mutex_lock(&inheriting);
        first = 1;
        pthread_mutex_unlock(&inheriting);
        pthread_mutex_lock(&adaptive);
        second = 1;
        pthread_mutex_unlock(&adaptive);
        stepAdvance();
      },
      [] {
        pthread_mutex_lock(&inheriting);
        pthread_mutex_lock(&adaptive);
        pthread_mutex_unlock(&adaptive);
        pthread_mutex_unlock(&inheriting);
        ++first;
        ++second;
        stepAdvance();
      });
  return 0;
}
