// A program that ends by quick_exit while another thread is still at work: what was reported is whole, and the status says so.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "schedule.h"

static int value;

static void* work(void* unused) {
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
  quick_exit(0);
}
