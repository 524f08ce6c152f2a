// Threads are shown by the names that pthread_setname_np gave them, whoever gave it, or prctl.
// EXPECT: races=1
// EXPECT: contains "'reader-thread'"
// EXPECT: contains "'writer-thread'"
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "schedule.h"

int shared_value;

static void* writer(void* unused) {
  prctl(PR_SET_NAME, "writer-thread");
  shared_value = 1;
  stepAdvance();
  return unused;
}
static void* reader(void* unused) {
  stepWait(2);
  USE_VALUE(shared_value);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, writer, NULL);
  pthread_create(&threads[1], NULL, reader, NULL);
  pthread_setname_np(threads[1], "reader-thread");
  stepAdvance();
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
