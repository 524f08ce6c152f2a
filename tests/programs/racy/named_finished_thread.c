// The other thread has ended long before (its descriptor was even reused): the report says that it
// is finished and where it was created.
// EXPECT: races=1
// EXPECT: contains "(finished) created at"
// EXPECT: at=created
// EXPECT: contains "writeAndLeave"
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

int shared_value;

static void* writeAndLeave(void* unused) {
  shared_value = 1;
  return unused;
}
static void* nothing(void* unused) { return unused; }
static void* starter(void* unused) {
  pthread_t thread;
  pthread_create(&thread, NULL, writeAndLeave, NULL);  // at: created
  pthread_join(thread, NULL);
  for (int i = 0; i < 10; i++) {
    pthread_create(&thread, NULL, nothing, NULL);
    pthread_join(thread, NULL);
  }
  stepAdvance();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, starter, NULL);
  stepWait(1);
  shared_value = 2;
  pthread_join(thread, NULL);
  return 0;
}
