// sync_rwlock_write.cpp - writing under the read lock races with another reader's write.
// Racy: both threads hold the read lock.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
int value;

void add() {
  pthread_rwlock_rdlock(&lock);
  ++value;
  pthread_rwlock_unlock(&lock);
}

int main() {
  runThreads(
      [] {
        add();
        stepAdvance();
      },
      [] {
        stepWait(1);
        add();
      });
  return 0;
}
