// A signal handler runs as the thread that it interrupts; what it writes races with other threads,
// and the stack shows the handler.
// EXPECT: races=1
// EXPECT: contains "onSignal"
// EXPECT: contains "reader"
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#include "schedule.h"

int alarms;

static void onSignal(int number) {
  (void)number;
  alarms++;
}
static void* reader(void* unused) {
  stepWait(1);
  USE_VALUE(alarms);
  return unused;
}

int main(void) {
  pthread_t thread;
  signal(SIGUSR1, onSignal);
  pthread_create(&thread, NULL, reader, NULL);
  raise(SIGUSR1);
  stepAdvance();
  pthread_join(thread, NULL);
  return 0;
}
