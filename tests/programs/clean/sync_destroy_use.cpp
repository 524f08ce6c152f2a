// sync_destroy_use.cpp - condition variables, semaphores and barriers are destroyed by a thread that was
// created after the other one had been joined.
// Clean: signal, post, wait and arrival happened before.
#include <pthread.h>
#include <semaphore.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t signalled = PTHREAD_COND_INITIALIZER, woken = PTHREAD_COND_INITIALIZER,
               waited = PTHREAD_COND_INITIALIZER;
sem_t posted, taken;
pthread_barrier_t barrier;

void use() {
  pthread_cond_signal(&signalled);
  pthread_cond_broadcast(&woken);
  pthread_mutex_lock(&mutex);
  const timespec past{};
  pthread_cond_timedwait(&waited, &mutex, &past);
  pthread_mutex_unlock(&mutex);
  sem_post(&posted);
  sem_wait(&taken);
  pthread_barrier_wait(&barrier);
}

void destroy() {
  pthread_cond_destroy(&signalled);
  pthread_cond_destroy(&woken);
  pthread_cond_destroy(&waited);
  sem_destroy(&posted);
  sem_destroy(&taken);
  pthread_barrier_destroy(&barrier);
}

int main() {
  sem_init(&posted, 0, 0);
  sem_init(&taken, 0, 1);
  pthread_barrier_init(&barrier, nullptr, 1);
  runOrdered(use, destroy);
  return 0;
}
