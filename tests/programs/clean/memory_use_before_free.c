// Used by one thread, freed by another after join, or after a lock handed it over.
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

static char* block;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* use(void* unused) {
  pthread_mutex_lock(&mutex);
  block[998] = 1;
  pthread_mutex_unlock(&mutex);
  stepAdvance();
  return unused;
}
static void* release(void* unused) {
  stepWait(1);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  free(block);
  return unused;
}
static void* useOnly(void* unused) {
  block[0] = 1;
  return unused;
}

int main(void) {
  pthread_t threads[2];
  block = malloc(999);
  pthread_create(&threads[0], NULL, use, NULL);
  pthread_create(&threads[1], NULL, release, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  block = malloc(10);
  pthread_create(&threads[0], NULL, useOnly, NULL);
  pthread_join(threads[0], NULL);
  free(block);
  return 0;
}
