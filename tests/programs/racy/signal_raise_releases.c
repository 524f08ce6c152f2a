// A handler that runs because of raise, and one that a signal from the thread to itself calls, release: what follows in
// the interrupted function belongs to a new epoch, though it accesses the same variable as before.
// Racy: the write after the handler is not ordered before what the acquiring thread does.
// EXPECT: races=2
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "schedule.h"

static int first, second;
static atomic_int ready_first, ready_second;

static void onSignal(int signal) {
  atomic_store_explicit(signal == SIGUSR1 ? &ready_first : &ready_second, 1, memory_order_release);
}

static void* reader(void* unused) {
  stepWait(1);
  if (!atomic_load_explicit(&ready_first, memory_order_acquire)) abort();
  USE_VALUE(first);
  stepAdvance();
  stepWait(3);
  if (!atomic_load_explicit(&ready_second, memory_order_acquire)) abort();
  USE_VALUE(second);
  return unused;
}

int main(void) {
  struct sigaction action = {.sa_handler = onSignal};
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGUSR2, &action, NULL);
  pthread_t thread;
  pthread_create(&thread, NULL, reader, NULL);
  first = 1;
  raise(SIGUSR1);
  first = 2;  // the race
  stepAdvance();
  stepWait(2);
  second = 1;
  pthread_kill(pthread_self(), SIGUSR2);
  second = 2;  // the race
  stepAdvance();
  pthread_join(thread, NULL);
  return 0;
}
