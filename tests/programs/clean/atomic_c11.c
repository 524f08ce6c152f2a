// C11 atomics: _Atomic variables used with plain operators, struct atomics, flags, fences.
// LIBS: -latomic
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "schedule.h"

struct Pair {
  int left, right;
};
static _Atomic int turn;
static _Atomic(struct Pair) pair;
static _Atomic double sum;
/* Not advanced by text_end++: Clang compiles that to code that may give one value twice. */
static _Atomic(char*) text_end;
static _Atomic short text_length;
static atomic_flag lock = ATOMIC_FLAG_INIT;
static int guarded, taken_in_turn;
static char text[4000];

static void* worker(void* argument) {
  int me = *(int*)argument;
  for (int n = 0; n < 200; n++) {
    while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) sched_yield();
    guarded++;
    atomic_flag_clear_explicit(&lock, memory_order_release);
    sum += 0.5;
    struct Pair old = atomic_load(&pair), next;
    do next = (struct Pair){old.left + 1, old.right - 1};
    while (!atomic_compare_exchange_weak(&pair, &old, next));
    char* old_end = atomic_load(&text_end);
    while (!atomic_compare_exchange_weak(&text_end, &old_end, old_end + 1)) sched_yield();
    *old_end = (char)me;
    text_length++;
  }
  for (int n = me; n < 60; n += 3) {
    while (turn != n) sched_yield();
    taken_in_turn++;
    turn++;
  }
  return NULL;
}

int main(void) {
  pthread_t threads[3];
  int numbers[3] = {0, 1, 2};
  text_end = text;
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, worker, &numbers[i]);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  struct Pair last = pair;
  return guarded != 600 || taken_in_turn != 60 || sum != 300 || last.left != 600 ||
         text_length != 600;
}
