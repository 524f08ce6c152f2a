// sync_c11_cond.c - cnd_wait and cnd_timedwait of C11.
// Racy: the write comes after the unlock; the signal orders nothing.
// TSan: stops with an error (C11 threads are unknown to it).
#include <threads.h>
#include <time.h>

#include "schedule.h"

static mtx_t mutex;
static cnd_t condition;
static int ready;
static int value;

static int announce(void* unused) {
  (void)unused;
  stepWait(1);
  mtx_lock(&mutex);
  ready = 1;
  mtx_unlock(&mutex);
  value = 1;
  cnd_signal(&condition);
  stepAdvance();
  return 0;
}

static int await(void* unused) {
  (void)unused;
  struct timespec deadline;
  timespec_get(&deadline, TIME_UTC);
  mtx_lock(&mutex);
  if (cnd_timedwait(&condition, &mutex, &deadline) != thrd_timedout) abort();
  stepAdvance();
  while (!ready) cnd_wait(&condition, &mutex);
  mtx_unlock(&mutex);
  stepWait(2);
  return value == 1 ? 0 : 1;
}

int main(void) {
  thrd_t threads[2];
  int result;
  mtx_init(&mutex, mtx_plain);
  cnd_init(&condition);
  thrd_create(&threads[0], announce, 0);
  thrd_create(&threads[1], await, 0);
  thrd_join(threads[0], 0);
  thrd_join(threads[1], &result);
  cnd_destroy(&condition);
  mtx_destroy(&mutex);
  return result;
}
