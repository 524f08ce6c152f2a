// A function registered by on_exit runs with the argument it was given, after main, but not after what a thread
// did that nobody joined.
// ENV: HINDSIGHT=report_thread_leaks=0
// EXPECT: races=1
// EXPECT: matches "^  atEnd"
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

static int value;

static void atEnd(int status, void* argument) { *(int*)argument += status; }
static void* writes(void* unused) {
  value = 1;
  stepAdvance();
  return unused;
}

int main(void) {
  on_exit(atEnd, &value);
  pthread_t thread;
  pthread_create(&thread, NULL, writes, NULL);
  stepWait(1);
  return 0;
}
