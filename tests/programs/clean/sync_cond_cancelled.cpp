// sync_cond_cancelled.cpp - a thread cancelled in a condition wait owns the mutex in its cleanup
// handlers, here destructors.
// Clean: the destructor writes, then unlocks.
// libc++abi cannot be unwound by libgcc's forced unwinding, with or without Hindsight:
// REQUIRES: libstdc++
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
int value;

struct Section {
  Section() { pthread_mutex_lock(&mutex); }
  ~Section() {
    ++value;
    pthread_mutex_unlock(&mutex);
    stepAdvance();
  }
};

int main() {
  Thread waiter([] {
    Section section;
    ++value;
    stepAdvance();
    for (;;) pthread_cond_wait(&condition, &mutex);
  });
  stepWait(1);
  pthread_mutex_lock(&mutex);  // the waiter is in its wait
  ++value;
  pthread_cancel(waiter.handle());
  pthread_mutex_unlock(&mutex);
  stepWait(2);
  pthread_mutex_lock(&mutex);
  ++value;
  pthread_mutex_unlock(&mutex);
  waiter.join();
  return value == 4 ? 0 : 1;
}
