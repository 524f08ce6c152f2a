// A function registered by on_exit, after the thread was joined.
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
  pthread_join(thread, NULL);
  return 0;
}
