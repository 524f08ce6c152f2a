// sync_mutex_reinit.cpp - a mutex that was destroyed and initialised again is another mutex.
// Racy: the new mutex knows nothing of the old one's unlock.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex;
int value;

int main() {
  pthread_mutex_init(&mutex, nullptr);
  runThreads(
      [] {
        pthread_mutex_lock(&mutex);
        value = 1;
        pthread_mutex_unlock(&mutex);
        stepAdvance();
      },
      [] {
        stepWait(1);
        pthread_mutex_destroy(&mutex);
        pthread_mutex_init(&mutex, nullptr);
        pthread_mutex_lock(&mutex);
        value = 2;
        pthread_mutex_unlock(&mutex);
      });
  return 0;
}
