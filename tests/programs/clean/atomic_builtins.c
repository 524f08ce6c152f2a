// The __atomic and __sync builtins hand data over.
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

static int lock, generic_lock, counter, never_set;
static int behind_lock, behind_generic, behind_counter;
static char small_counter;
static int* _Nullable pointer;

static void* worker(void* unused) {
  for (int n = 0; n < 300; n++) {
    while (__sync_lock_test_and_set(&lock, 1)) sched_yield();
    behind_lock++;
    __sync_lock_release(&lock);

    int expected = 0, one = 1, zero = 0;
    while (!__atomic_compare_exchange(&generic_lock, &expected, &one, 1, __ATOMIC_ACQUIRE,
                                      __ATOMIC_RELAXED)) {
      expected = 0;
      sched_yield();
    }
    behind_generic++;
    __atomic_store(&generic_lock, &zero, __ATOMIC_RELEASE);

    __sync_fetch_and_add(&small_counter, 1);
    __sync_bool_compare_and_swap(&pointer, NULL, &behind_lock);
    __atomic_fetch_nand(&one, 3, __ATOMIC_RELAXED);
  }
  if (__sync_add_and_fetch(&never_set, 0) != 0) abort();
  return unused;
}
static void* waiter(void* unused) {
  while (__sync_val_compare_and_swap(&counter, 7, 8) != 7) sched_yield();
  behind_counter++;
  return unused;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, worker, NULL);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  pthread_create(&threads[0], NULL, waiter, NULL);
  behind_counter = 1;
  __sync_fetch_and_add(&counter, 7);
  pthread_join(threads[0], NULL);
  return behind_lock != 900 || behind_generic != 900 || behind_counter != 2;
}
