// Only one of the two threads holds the gate at first; later both do. The cycle is there all the same.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
#include "threads.h"

pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER, a = PTHREAD_MUTEX_INITIALIZER,
                b = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t& first, pthread_mutex_t& second) {
  pthread_mutex_lock(&first);
  pthread_mutex_lock(&second);
  pthread_mutex_unlock(&second);
  pthread_mutex_unlock(&first);
}

static void takeInside(pthread_mutex_t& first, pthread_mutex_t& second) {
  pthread_mutex_lock(&gate);
  take(first, second);
  pthread_mutex_unlock(&gate);
}

int main() {
  runUnordered(
      [] {
        takeInside(a, b);
        take(a, b);
      },
      [] { takeInside(b, a); });
}
