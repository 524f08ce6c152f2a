// sync_rwlock_readers.cpp - read sections are not ordered, not even one after the other.
// Clean: the write is published under a write lock.
// TSan: right on both.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
int value;

int main() {
  runThreads(
      [] {
        value = 1;
        pthread_rwlock_wrlock(&lock);
        pthread_rwlock_unlock(&lock);
        stepAdvance();
      },
      [] {
        stepWait(1);
        pthread_rwlock_rdlock(&lock);
        pthread_rwlock_unlock(&lock);
        if (value != 1) abort();
      });
  return 0;
}
