// The main thread leaves by pthread_exit; nobody joins it, so a thread that goes on is not ordered.
// The names of the program are found after the main thread is gone.
// EXPECT: races=1
// EXPECT: at=WRITE
#include <pthread.h>
#include <stddef.h>
#include <time.h>

#include "schedule.h"

int value;

static void* goesOn(void* unused) {
  stepWait(1);
  value = 2;  // at: WRITE
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, goesOn, NULL);
  pthread_detach(thread);
  value = 1;
  stepAdvance();
  pthread_exit(NULL);
}
