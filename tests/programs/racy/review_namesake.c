// A function of the program's own that is called like one of the mathematics library: it releases, so
// the write after it is not the one before it.
// FLAGS: -std=gnu11 -pthread -fno-builtin
// EXPECT: races=1
// EXPECT: at=AFTER
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

int data, published;
int publish(int level) __asm__("log");

static void* writer(void* unused) {
  data = 1;
  publish(1);
  data = 2;  // at: AFTER
  stepAdvance();
  return unused;
}
static void* reader(void* unused) {
  stepWait(1);
  while (__atomic_load_n(&published, __ATOMIC_ACQUIRE) == 0) sched_yield();
  data = 3;
  return unused;
}
int publish(int level) {
  __atomic_store_n(&published, level, __ATOMIC_RELEASE);
  return level;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, writer, NULL);
  pthread_create(&threads[1], NULL, reader, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
