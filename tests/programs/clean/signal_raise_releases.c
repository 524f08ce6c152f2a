// A handler that runs because of raise, and one that a signal from the thread to itself calls, release: what follows in
// the interrupted function belongs to a new epoch, though it accesses the same variable as before.
// Clean: nothing is written after the handler but what only the writer knows.
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "schedule.h"

static int first, second, mine;
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
  mine = 2;
  stepAdvance();
  stepWait(2);
  second = 1;
  pthread_kill(pthread_self(), SIGUSR2);
  mine = 3;
  stepAdvance();
  pthread_join(thread, NULL);
  return 0;
}
