// Both hold the gate for reading only, so both can be inside.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
#include "threads.h"

pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t& first, pthread_mutex_t& second) {
  pthread_mutex_lock(&first);
  pthread_mutex_lock(&second);
  pthread_mutex_unlock(&second);
  pthread_mutex_unlock(&first);
}

int main() {
  runUnordered(
      [] {
        pthread_rwlock_rdlock(&gate);
        take(a, b);
        pthread_rwlock_unlock(&gate);
      },
      [] {
        pthread_rwlock_rdlock(&gate);
        take(b, a);
        pthread_rwlock_unlock(&gate);
      });
}
