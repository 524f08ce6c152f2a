// A lock that was got by trying is held like any other: what is taken under it is out of order.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
#include "threads.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

int main() {
  runUnordered(
      [] {
        pthread_mutex_lock(&a);
        pthread_mutex_lock(&b);
        pthread_mutex_unlock(&b);
        pthread_mutex_unlock(&a);
      },
      [] {
        if (pthread_mutex_trylock(&b) != 0) return;
        pthread_mutex_lock(&a);
        pthread_mutex_unlock(&a);
        pthread_mutex_unlock(&b);
      });
}
