// The program ends, with a race, while a thread waits for input that never comes and holds its
// stream's lock: what is buffered is written, and nothing hangs.
// EXPECT: races=1
// EXPECT: stdout "buffered"
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "schedule.h"

int value;
static int ends[2];

static void* reads(void* unused) {
  FILE* input = fdopen(ends[0], "r");
  value = 1;
  stepAdvance();
  getc(input);
  return unused;
}

int main(void) {
  pthread_t thread;
  if (pipe(ends) != 0) return 1;
  pthread_create(&thread, NULL, reads, NULL);
  stepWait(1);
  value = 2;
  for (int i = 0; i < 1000; i++) sched_yield();  // let it reach getc
  printf("buffered");
  return 0;
}
