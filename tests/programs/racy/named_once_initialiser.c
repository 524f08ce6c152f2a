// What the runtime puts between pthread_once and the initialiser is in neither stack.
// EXPECT: races=1
// EXPECT: at=initialiser
// EXPECT: at=once
// EXPECT: at=otherOnce
// EXPECT: not-contains "hindsightUnwindFrame"
// EXPECT: not-contains "callWithUnwindHook"
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

static int settings;
static pthread_once_t first = PTHREAD_ONCE_INIT, second = PTHREAD_ONCE_INIT;

static void initialise(void) {
  settings++;  // at: initialiser
}
static void* worker(void* unused) {
  pthread_once(&first, initialise);  // at: once
  stepAdvance();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, worker, NULL);
  stepWait(1);
  pthread_once(&second, initialise);  // at: otherOnce
  pthread_join(thread, NULL);
  return 0;
}
