// sync_cond_cancelled.c - a thread cancelled in a condition wait owns the mutex in its cleanup
// handlers, here the ones of pthread_cleanup_push.
// Clean: the handler writes, then unlocks.
#include <pthread.h>

#include "schedule.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int value;

static void leaveSection(void* unused) {
  (void)unused;
  ++value;
  pthread_mutex_unlock(&mutex);
  stepAdvance();
}

static void* waitForever(void* unused) {
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(leaveSection, 0);
  ++value;
  stepAdvance();
  for (;;) pthread_cond_wait(&condition, &mutex);
  pthread_cleanup_pop(1);
  return unused;
}

int main(void) {
  pthread_t waiter;
  pthread_create(&waiter, 0, waitForever, 0);
  stepWait(1);
  pthread_mutex_lock(&mutex);  // the waiter is in its wait
  ++value;
  pthread_cancel(waiter);
  pthread_mutex_unlock(&mutex);
  stepWait(2);
  pthread_mutex_lock(&mutex);
  ++value;
  pthread_mutex_unlock(&mutex);
  pthread_join(waiter, 0);
  return value == 4 ? 0 : 1;
}
