// sync_spin.cpp - pthread spin locks.
// Clean: both threads take the lock.
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
        sched_yield();
        ++value;
        pthread_spin_unlock(&lock);
      },
      [] {
        stepWait(1);
        pthread_spin_lock(&lock);
        ++value;
        pthread_spin_unlock(&lock);
      });
  pthread_spin_destroy(&lock);
  return 0;
}
