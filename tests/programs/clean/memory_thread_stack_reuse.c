// The stacks and the thread-local variables of finished threads are given to new ones: no history
// comes along, also when the new one is not ordered after the old one.
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include "schedule.h"

static _Thread_local int own[64];

__attribute__((noinline)) static void useStack(int depth) {
  volatile char frame[1000];
  for (int i = 0; i < 1000; i += 100) frame[i] = (char)i;
  if (depth > 0) useStack(depth - 1);
  frame[0] = 1;
}
static void* worker(void* unused) {
  for (int i = 0; i < 64; i++) own[i]++;
  useStack(20);
  return unused;
}
static void* starter(void* unused) {
  for (int i = 0; i < 60; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, worker, NULL);
    pthread_join(thread, NULL);
  }
  return unused;
}

int main(void) { /* four starters, unordered among each other, share the cache of stacks */
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, starter, NULL);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  return 0;
}
