// Code without frame pointers that calls in tail position: the access and the functions that are still there are named.
// FLAGS: -std=gnu11 -pthread -fomit-frame-pointer -foptimize-sibling-calls
// EXPECT: races=1
// EXPECT: contains "store"
// EXPECT: contains "threadBody"
// EXPECT: at=the write
#include <pthread.h>

#include "schedule.h"

static int value;

__attribute__((noinline)) static void store(int what) {
  value = what;  // at: the write
}

__attribute__((noinline)) static void passOn(int what) { store(what + 1); }

__attribute__((noinline)) static void* threadBody(void* unused) {
  passOn(1);
  stepAdvance();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, threadBody, NULL);
  stepWait(1);
  passOn(2);
  pthread_join(thread, NULL);
  return value == 0;
}
