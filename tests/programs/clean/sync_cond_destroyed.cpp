// sync_cond_destroyed.cpp - mutex and condition variable are destroyed and freed as soon as the
// last waiter has been woken, which POSIX allows right after a broadcast. Clean: the destroying
// thread has seen every waiter leave its critical section.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

struct Shared {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
  pthread_cond_t left = PTHREAD_COND_INITIALIZER;
  bool ready = false;
  int waiting = 2;
};

void waiter(Shared* shared) {
  pthread_mutex_lock(&shared->mutex);
  while (!shared->ready) pthread_cond_wait(&shared->wake, &shared->mutex);
  if (--shared->waiting == 0) pthread_cond_signal(&shared->left);
  pthread_mutex_unlock(&shared->mutex);
}

int main() {
  for (int i = 0; i < 100; ++i) {
    Shared* shared = new Shared;
    Thread first([=] { waiter(shared); });
    Thread second([=] { waiter(shared); });
    pthread_mutex_lock(&shared->mutex);
    shared->ready = true;
    pthread_cond_broadcast(&shared->wake);
    pthread_cond_destroy(&shared->wake);
    while (shared->waiting != 0) pthread_cond_wait(&shared->left, &shared->mutex);
    pthread_mutex_unlock(&shared->mutex);
    pthread_cond_destroy(&shared->left);
    pthread_mutex_destroy(&shared->mutex);
    delete shared;
    first.join();
    second.join();
  }
  return 0;
}
