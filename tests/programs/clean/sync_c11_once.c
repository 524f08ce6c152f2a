// sync_c11_once.c - call_once of C11.
// Clean: the end of the initialiser happens before every return.
// TSan: stops with an error (C11 threads are unknown to it).
#include <threads.h>

#include "schedule.h"

static once_flag once = ONCE_FLAG_INIT;
static int value;

static void initialise(void) { value = 1; }

static int first(void* unused) {
  (void)unused;
  call_once(&once, initialise);
  stepAdvance();
  return value - 1;
}

static int second(void* unused) {
  (void)unused;
  stepWait(1);
  call_once(&once, initialise);
  return value - 1;
}

int main(void) {
  thrd_t threads[2];
  int results[2];
  thrd_create(&threads[0], first, 0);
  thrd_create(&threads[1], second, 0);
  for (int i = 0; i < 2; ++i) thrd_join(threads[i], &results[i]);
  return results[0] + results[1];
}
