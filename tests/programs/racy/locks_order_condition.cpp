// A wait for a condition gives its mutex up and wants it back while the thread holds another lock that
// others take after it.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
// EXPECT: at=WAIT
#include <time.h>

#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

int main() {
  runOrdered(
      [] {
        pthread_mutex_lock(&mutex);
        pthread_mutex_lock(&inner);
        pthread_mutex_unlock(&inner);
        pthread_mutex_unlock(&mutex);
      },
      [] {
        timespec past = {1, 0};
        pthread_mutex_lock(&mutex);
        pthread_mutex_lock(&inner);
        pthread_cond_timedwait(&changed, &mutex, &past);  // at: WAIT
        pthread_mutex_unlock(&inner);
        pthread_mutex_unlock(&mutex);
      });
}
