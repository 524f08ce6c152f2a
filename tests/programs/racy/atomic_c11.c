// C11 atomics with orders that are too weak.
// EXPECT: races=2
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "schedule.h"

static _Atomic int flag;
static atomic_flag lock = ATOMIC_FLAG_INIT;
static int behind_flag, behind_lock;

static void* writer(void* unused) {
  while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) sched_yield();
  behind_lock = 1;
  atomic_flag_clear_explicit(&lock, memory_order_relaxed); /* should be release */
  behind_flag = 1;
  atomic_store_explicit(&flag, 1, memory_order_relaxed); /* should be release */
  return unused;
}
static void* reader(void* unused) {
  while (atomic_load_explicit(&flag, memory_order_acquire) == 0) sched_yield();
  USE_VALUE(behind_flag);
  while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) sched_yield();
  USE_VALUE(behind_lock);
  atomic_flag_clear_explicit(&lock, memory_order_release);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, writer, NULL);
  pthread_create(&threads[1], NULL, reader, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
