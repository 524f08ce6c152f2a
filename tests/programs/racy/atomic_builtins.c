// The __atomic and __sync builtins: relaxed __atomic operations hand nothing over, and
// __sync_lock_release releases but __sync_lock_test_and_set only acquires.
// EXPECT: races=2
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

static int flag, lock;
static int behind_flag, behind_lock;

static void* writer(void* unused) {
  behind_flag = 1;
  __atomic_fetch_add(&flag, 1, __ATOMIC_RELAXED);
  return unused;
}
static void* reader(void* unused) {
  while (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) == 0) sched_yield();
  USE_VALUE(behind_flag);
  return unused;
}
static void* wrongWriter(void* unused) {
  behind_lock = 1;
  __atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE); /* what test-and-set promises */
  stepAdvance();
  return unused;
}
static void* wrongReader(void* unused) {
  stepWait(1);
  __sync_lock_test_and_set(&lock, 2);
  USE_VALUE(behind_lock);
  return unused;
}

int main(void) {
  void* (*const bodies[])(void*) = {writer, reader, wrongWriter, wrongReader};
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, bodies[i], NULL);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  return 0;
}
