// sync_mutex_errorcheck.cpp - an error-checking mutex: calls that fail order nothing.
// Racy: the first thread unlocks a mutex that it does not own, and only that.
#include <errno.h>
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex;
int value;

void expect(int got, int wanted) {
  if (got != wanted) abort();
}

int main() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&mutex, &attributes);
  runThreads(
      [] {
        value = 1;
        expect(pthread_mutex_unlock(&mutex), EPERM);
        stepAdvance();
      },
      [] {
        stepWait(1);
        expect(pthread_mutex_lock(&mutex), 0);
        value = 2;
        expect(pthread_mutex_unlock(&mutex), 0);
      });
  pthread_mutex_destroy(&mutex);
  return 0;
}
