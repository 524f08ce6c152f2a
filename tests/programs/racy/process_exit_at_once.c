// A program that ends by _exit while another thread is still at work: what was reported is whole, and the status says so.
// EXPECT: races=1
// EXPECT: contains "Found 1 data race(s)"
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"

static int value;

static void* work(void* unused) {
  value = 1;
  stepAdvance();
  for (;;) usleep(100);
  return unused;
}

int main(void) {
  USE_VALUE(&value);
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  stepWait(1);
  value = 2;
  _exit(0);
}
