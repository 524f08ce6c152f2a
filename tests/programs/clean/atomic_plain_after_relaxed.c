// A plain write to an atomic object ends the clock of the store before it, also if it repeats a plain write of the
// same epoch: who reads it acquires nothing of what was published by a fence and a relaxed store in between.
// Here a release store follows.
#include <pthread.h>

#include "schedule.h"

int data, flag, other_data, other_flag;
static struct StepCounter written;

__attribute__((noinline)) static void storeRelaxed(int* object) {
  __atomic_store_n(object, 2, __ATOMIC_RELAXED);
}

static void* publish(void* unused) {
  data = 1;
  other_data = 1;
  __atomic_thread_fence(__ATOMIC_RELEASE);
  flag = 1;
  __atomic_store_n(&flag, 2, __ATOMIC_RELAXED);
  flag = 3;
  other_flag = 1;
  storeRelaxed(&other_flag);
  other_flag = 3;
  __atomic_store_n(&flag, 3, __ATOMIC_RELEASE);
  __atomic_store_n(&other_flag, 3, __ATOMIC_RELEASE);
  stepCounterAdvance(&written);
  return unused;
}

static void* consume(void* unused) {
  stepCounterWait(&written, 1);
  if (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) == 3) data = 2;
  if (__atomic_load_n(&other_flag, __ATOMIC_ACQUIRE) == 3) other_data = 2;
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, publish, NULL);
  pthread_create(&threads[1], NULL, consume, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
