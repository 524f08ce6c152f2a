// sync_cancel_async_late.c - threads that have been cancelled before they say that they may be at any instruction: that
// is where they end. Detectors that prepare something there must not end in the midst of it.
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

static void* run(void* cancelled) {
  stepCounterWait(cancelled, 1);
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
  abort();
}

int main(void) {
  for (int round = 0; round < 3; round++) {
    struct StepCounter cancelled = {0};
    pthread_t thread;
    void* result;
    pthread_create(&thread, NULL, run, &cancelled);
    pthread_cancel(thread);
    stepCounterAdvance(&cancelled);
    pthread_join(thread, &result);
    if (result != PTHREAD_CANCELED) abort();
  }
  return 0;
}
