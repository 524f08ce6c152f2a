// sync_destroy_use.cpp - condition variables, semaphores and barriers are destroyed by a thread that has not
// seen the other one's signal, post, wait or arrival.
// Racy: those could as well come after the destruction.
// EXPECT: races=6
// EXPECT: at=SIGNAL
// EXPECT: at=BROADCAST
// EXPECT: at=TIMED_WAIT
// EXPECT: at=POST
// EXPECT: at=TAKE
// EXPECT: at=ARRIVE
// EXPECT: at=DESTROY
// EXPECT: contains "Global 'signalled'"
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
  pthread_cond_signal(&signalled);  // at: SIGNAL
  pthread_cond_broadcast(&woken);   // at: BROADCAST
  pthread_mutex_lock(&mutex);
  const timespec past{};
  pthread_cond_timedwait(&waited, &mutex, &past);  // at: TIMED_WAIT
  pthread_mutex_unlock(&mutex);
  sem_post(&posted);  // at: POST
  sem_wait(&taken);   // at: TAKE
  pthread_barrier_wait(&barrier);  // at: ARRIVE
}

void destroy() {
  pthread_cond_destroy(&signalled);  // at: DESTROY
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
  runUnordered(use, destroy);
  return 0;
}
