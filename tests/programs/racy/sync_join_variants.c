// sync_join_variants.c - pthread_tryjoin_np, pthread_timedjoin_np and pthread_clockjoin_np order as pthread_join does,
// if they reap the thread.
// Racy: each of them comes too early, fails, and orders nothing.
// EXPECT: races=3
// ENV: HINDSIGHT=report_duplicates=1
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

static int values[3];
static struct StepCounter written, looked;

static void* writeIt(void* value) {
  *(int*)value = 1;
  stepCounterAdvance(&written);
  stepCounterWait(&looked, 1);
  return NULL;
}

static int joinBy(int how, pthread_t thread) {
  struct timespec deadline;
  clock_gettime(how == 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME, &deadline);
  if (how == 0) return pthread_tryjoin_np(thread, NULL);
  if (how == 1) return pthread_timedjoin_np(thread, NULL, &deadline);
  return pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &deadline);
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, writeIt, &values[i]);
  stepCounterWait(&written, 3);
  for (int i = 0; i < 3; i++) {
    int error;
    error = joinBy(i, threads[i]);
    if (error != EBUSY && error != ETIMEDOUT) abort();
    if (values[i] != 1) abort();
  }
  stepCounterAdvance(&looked);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  return 0;
}
