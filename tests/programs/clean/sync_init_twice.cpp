// sync_init_twice.cpp - primitives are used by one thread and, after it has been joined, initialised again by
// another, without having been destroyed.
// Clean: C libraries keep nothing outside the primitive, so programs do this with memory that they reuse.
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
  pthread_mutex_init(&mutex, nullptr);
  pthread_rwlock_init(&lock, nullptr);
  pthread_spin_init(&spin, 0);
  pthread_cond_init(&condition, nullptr);
  sem_init(&semaphore, 0, 1);
  pthread_barrier_init(&barrier, nullptr, 1);
}

void use() {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_rwlock_wrlock(&lock);
  pthread_rwlock_unlock(&lock);
  pthread_spin_lock(&spin);
  pthread_spin_unlock(&spin);
}

int main() {
  runOrdered(
      [] {
        initialise();
        use();
      },
      [] { initialise(); });
  return 0;
}
