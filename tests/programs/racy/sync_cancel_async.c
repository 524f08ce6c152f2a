// sync_cancel_async.c - a thread is cancelled at some instruction; that alone does not order what it did before.
// EXPECT: races=1
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

int done;

static void* run(void* unused) {
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
  done = 1;
  stepAdvance();
  for (;;) {
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  void* result;
  pthread_create(&thread, NULL, run, NULL);
  stepWait(1);
  pthread_cancel(thread);
  done = 2;
  pthread_join(thread, &result);
  return result == PTHREAD_CANCELED ? 0 : 1;
}
