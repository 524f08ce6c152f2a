// A thousand short threads, joined and detached; what they wrote is handed over by join or a lock.
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

int joined_total;
int detached_total;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* joinedWorker(void* unused) {
  joined_total++;
  return unused;
}
static void* detachedWorker(void* unused) {
  pthread_mutex_lock(&mutex);
  detached_total++;
  pthread_mutex_unlock(&mutex);
  stepAdvance();
  return unused;
}

int main(void) {
  for (int i = 0; i < 500; i++) {
    pthread_t joined, detached;
    pthread_create(&joined, NULL, joinedWorker, NULL);
    pthread_create(&detached, NULL, detachedWorker, NULL);
    pthread_detach(detached);
    pthread_join(joined, NULL);
    joined_total++;
  }
  stepWait(500);
  pthread_mutex_lock(&mutex);
  int total = detached_total;
  pthread_mutex_unlock(&mutex);
  return total != 500;
}
