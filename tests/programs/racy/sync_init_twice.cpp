// sync_init_twice.cpp - two threads initialise the same primitives, neither knowing of the other; in between, the
// first has used them.
// Racy: both write the primitive, and the second initialisation could come in the middle of a use.
// EXPECT: reports=9
// EXPECT: contains "WARNING: INITIALISATION OF A MUTEX RACES WITH ITS UNLOCK"
// EXPECT: contains "WARNING: INITIALISATION OF A READ-WRITE LOCK RACES WITH ITS UNLOCK"
// EXPECT: contains "WARNING: INITIALISATION OF A SPIN LOCK RACES WITH ITS UNLOCK"
// EXPECT: at=LOCK
// EXPECT: at=INIT
#include <pthread.h>
#include <semaphore.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex;
pthread_rwlock_t lock;
pthread_spinlock_t spin;
pthread_cond_t condition;
sem_t semaphore;
pthread_barrier_t barrier;

void initialise() {
  pthread_mutex_init(&mutex, nullptr);  // at: INIT
  pthread_rwlock_init(&lock, nullptr);
  pthread_spin_init(&spin, 0);
  pthread_cond_init(&condition, nullptr);
  sem_init(&semaphore, 0, 1);
  pthread_barrier_init(&barrier, nullptr, 1);
}

void use() {
  pthread_mutex_lock(&mutex);  // at: LOCK
  pthread_mutex_unlock(&mutex);
  pthread_rwlock_wrlock(&lock);
  pthread_rwlock_unlock(&lock);
  pthread_spin_lock(&spin);
  pthread_spin_unlock(&spin);
}

int main() {
  runUnordered(
      [] {
        initialise();
        use();
      },
      [] { initialise(); });
  return 0;
}
