// sync_cancel_join.c - the last actions of a thread that leaves by pthread_exit or is cancelled are its cleanup handlers
// and the destructors of its keys; the join comes after them.
// EXPECT: races=4
// ENV: HINDSIGHT=report_duplicates=1
// Racy: the main thread looks before it joins.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"

static pthread_key_t key;
static int cleaned[2], destroyed[2];
static struct StepCounter ready, over;

static void clean(void* which) { cleaned[*(int*)which] = 1; }

static void destroy(void* which) {
  destroyed[*(int*)which] = 1;
  stepCounterAdvance(&over);
}

static void* leave(void* which) {
  pthread_setspecific(key, which);
  pthread_cleanup_push(clean, which);
  stepCounterAdvance(&ready);
  if (*(int*)which == 0) pthread_exit(NULL);
  for (;;) pause();
  pthread_cleanup_pop(0);
  return NULL;
}

int main(void) {
  static int numbers[2] = {0, 1};
  pthread_t threads[2];
  pthread_key_create(&key, destroy);
  for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, leave, &numbers[i]);
  stepCounterWait(&ready, 2);
  pthread_cancel(threads[1]);
  stepCounterWait(&over, 2);
  for (int i = 0; i < 2; i++)
    if (!cleaned[i] || !destroyed[i]) abort();
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  return 0;
}
