// A mutex is destroyed while another thread holds it.
// EXPECT: reports=1
// EXPECT: contains "WARNING: DESTROY OF A LOCKED MUTEX"
// EXPECT: at=LOCK
// EXPECT: at=DESTROY
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* holder(void* unused) {
  pthread_mutex_lock(&mutex); // at: LOCK
  stepAdvance();
  stepWait(2);
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, holder, NULL);
  stepWait(1);
  pthread_mutex_destroy(&mutex); // at: DESTROY
  stepAdvance();
  pthread_join(thread, NULL);
  return 0;
}
