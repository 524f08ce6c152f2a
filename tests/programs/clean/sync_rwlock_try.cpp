// sync_rwlock_try.cpp - pthread_rwlock_tryrdlock and trywrlock.
// Clean: the write is made after an attempt that succeeds.
#include <errno.h>
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
int value;

int main() {
  runThreads(
      [] {
        if (pthread_rwlock_tryrdlock(&lock) != 0) abort();
        if (value != 0) abort();
        stepAdvance();
        stepWait(2);
        pthread_rwlock_unlock(&lock);
        stepAdvance();
      },
      [] {
        stepWait(1);
        if (pthread_rwlock_trywrlock(&lock) != EBUSY) abort();
        stepAdvance();
        stepWait(3);
        if (pthread_rwlock_trywrlock(&lock) != 0) abort();
        value = 1;
        pthread_rwlock_unlock(&lock);
      });
  return 0;
}
