// sync_c11_mutex.c - mtx_lock, mtx_trylock, mtx_timedlock of C11.
// Clean: it is in time.
// TSan: stops with an error (C11 threads are unknown to it).
#include <threads.h>
#include <time.h>

#include "schedule.h"

static mtx_t mutex;
static int value;

static int first(void* unused) {
  (void)unused;
  mtx_lock(&mutex);
  value = 1;
  stepAdvance();
  stepWait(2);
  mtx_unlock(&mutex);
  return 0;
}

static int second(void* unused) {
  (void)unused;
  stepWait(1);
  if (mtx_trylock(&mutex) != thrd_busy) abort();
  stepAdvance();
  struct timespec deadline;
  timespec_get(&deadline, TIME_UTC);
  deadline.tv_sec += 60;
  if (mtx_timedlock(&mutex, &deadline) != thrd_success) abort();
  ++value;
  mtx_unlock(&mutex);
  return 0;
}

int main(void) {
  thrd_t threads[2];
  mtx_init(&mutex, mtx_timed);
  thrd_create(&threads[0], first, 0);
  thrd_create(&threads[1], second, 0);
  for (int i = 0; i < 2; ++i) thrd_join(threads[i], 0);
  mtx_destroy(&mutex);
  return 0;
}
