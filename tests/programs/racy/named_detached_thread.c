// Detaching a thread orders nothing, and waiting until it must be done does not either.
// EXPECT: races=1
// EXPECT: contains "background"
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

int result;

static void* background(void* unused) {
  result = 1;
  stepAdvance();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, background, NULL);
  pthread_detach(thread);
  stepWait(1);
  return result != 1;
}
