// sync_mutex_other.cpp - each thread holds a mutex, as it should.
// Racy: but not the same one.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
int value;

void addUnder(pthread_mutex_t* mutex) {
  pthread_mutex_lock(mutex);
  ++value;
  pthread_mutex_unlock(mutex);
}

int main() {
  addUnder(&second);
  runThreads(
      [] {
        addUnder(&first);
        stepAdvance();
      },
      [] {
        stepWait(1);
        addUnder(&second);
      });
  return 0;
}
