// sync_cancel_async.c - a thread that may be cancelled at any instruction, in the midst of checked accesses too; the
// join comes after its last one. Detectors that are interrupted with a lock of theirs held hang.
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

enum { kWords = 256, kRounds = 60 };

static long words[kWords];
static int released;

static void* run(void* started) {
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
  stepCounterAdvance(started);
  // Each round is a new epoch, so that the accesses are checked again.
  for (;; __atomic_store_n(&released, 1, __ATOMIC_RELEASE)) {
    for (int i = 0; i < kWords; i++) {
      words[i]++;
      __asm__ volatile("" ::: "memory");
    }
  }
}

int main(void) {
  for (int round = 0; round < kRounds; round++) {
    struct StepCounter started = {0};
    pthread_t thread;
    void* result;
    pthread_create(&thread, NULL, run, &started);
    stepCounterWait(&started, 1);
    for (volatile int i = 0; i < round * 50; i++) {
    }
    pthread_cancel(thread);
    pthread_join(thread, &result);
    if (result != PTHREAD_CANCELED) abort();
    for (int i = 0; i < kWords; i++) words[i] = 0;
  }
  return 0;
}
