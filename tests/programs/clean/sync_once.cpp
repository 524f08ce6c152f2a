// sync_once.cpp - the end of the initialiser happens before every return of pthread_once.
// Clean: the second thread calls pthread_once, too.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_once_t once = PTHREAD_ONCE_INIT;
int* value;

void initialise() { value = new int(1); }

int main() {
  runThreads(
      [] {
        pthread_once(&once, initialise);
        if (*value != 1) abort();
        stepAdvance();
      },
      [] {
        stepWait(1);
        pthread_once(&once, initialise);
        if (*value != 1) abort();
      });
  delete value;
  return 0;
}
