// Detection goes on after a report: the same bytes race again with other threads and elsewhere.
// TSan: reports the first only.
// EXPECT: races=3
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

long shared_value;

static void* first(void* unused) {
  shared_value = 1;
  stepAdvance();
  return unused;
}
static void* second(void* unused) {
  stepWait(1);
  shared_value = 2; /* races with first */
  stepAdvance();
  return unused;
}
static void* third(void* unused) {
  stepWait(2);
  shared_value = 3; /* races with second */
  stepAdvance();
  return unused;
}
static void* fourth(void* unused) {
  stepWait(3);
  USE_VALUE(shared_value); /* races with third */
  return unused;
}

int main(void) {
  void* (*const bodies[])(void*) = {first, second, third, fourth};
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, bodies[i], NULL);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  return 0;
}
