// sync_barrier_late_departure.cpp - one thread is kept on its way out of a phase (by a signal
// handler, in the middle of the wait) until the other has arrived at the next phase.
// Racy: an arrival at the next phase does not happen before a departure from this one.
// TSan: ends in a deadlock (it holds the signal back until the wait returns).
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

pthread_barrier_t barrier;
int value;

HINDSIGHT_TEST_UNINSTRUMENTED void holdBack(int) {
  stepAdvance();
  stepWait(4);
}

int main() {
  struct sigaction action = {};
  action.sa_handler = holdBack;
  sigaction(SIGUSR1, &action, nullptr);
  pthread_barrier_init(&barrier, nullptr, 2);
  Thread late([] {
    stepAdvance();
    pthread_barrier_wait(&barrier);
    ++value;
    pthread_barrier_wait(&barrier);
  });
  Thread early([] {
    stepWait(3);  // the late thread is in its handler
    pthread_barrier_wait(&barrier);
    ++value;
    pthread_barrier_wait(&barrier);
  });
  stepWait(1);
  usleep(20000);  // most likely the late thread is in the wait now; right anyway if not
  stepAdvance();
  pthread_kill(late.handle(), SIGUSR1);
  stepWait(3);
  usleep(20000);  // and the early one is in its second wait
  stepAdvance();
  early.join();
  late.join();
  pthread_barrier_destroy(&barrier);
  return 0;
}
