// Two calls of one function lead to the same leaf through the same lines but the first. The stack of
// the older access names the second one.
// EXPECT: races=1
// EXPECT: at=SECOND
// EXPECT: at=OTHER
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

int values[16];

__attribute__((noinline)) static void leaf(int* value) { *value = 1; }
__attribute__((noinline)) static void middle(int* value) {
  leaf(value);
  __asm__ volatile("");
}
static void* first(void* unused) {
  middle(&values[0]);
  middle(&values[4]);  // at: SECOND
  stepAdvance();
  return unused;
}
static void* second(void* unused) {
  stepWait(1);
  values[4] = 2;  // at: OTHER
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
