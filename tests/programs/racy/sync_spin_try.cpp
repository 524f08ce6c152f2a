// sync_spin_try.cpp - pthread_spin_trylock.
// Racy: the attempt fails, which orders nothing.
#include <errno.h>
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_spinlock_t lock;
int value;

int main() {
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  runThreads(
      [] {
        pthread_spin_lock(&lock);
        value = 1;
        stepAdvance();
        stepWait(2);
        pthread_spin_unlock(&lock);
        stepAdvance();
      },
      [] {
        stepWait(1);
        if (pthread_spin_trylock(&lock) != EBUSY) abort();
        stepAdvance();
        stepWait(3);
        ++value;
      });
  pthread_spin_destroy(&lock);
  return 0;
}
