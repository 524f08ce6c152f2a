// sync_rwlock_read_then_write.cpp - a read section happens before a later write section.
// Racy: the third thread writes under the read lock.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
int value;

void readIt() {
  pthread_rwlock_rdlock(&lock);
  if (value != 0) abort();
  stepAdvance();
  stepWait(2);
  pthread_rwlock_unlock(&lock);
  stepAdvance();
}

int main() {
  runThreads(readIt, readIt, [] {
    stepWait(4);
    pthread_rwlock_rdlock(&lock);
    value = 1;
    pthread_rwlock_unlock(&lock);
  });
  return 0;
}
