// A program that aborts with other threads still running: the report is there, whole, and the signal ends the program.
// EXPECT: races=1
// EXPECT: exit=134
// EXPECT: contains "Fingerprint"
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
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
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  USE_VALUE(&value);
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  stepWait(1);
  value = 2;
  abort();
}
