// Two threads take two mutexes in opposite orders, one after the other: nothing hangs, all is said. Each
// edge has both its stacks.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
// EXPECT: contains "Cycle of locks: "
// EXPECT: at=A1
// EXPECT: at=B1
// EXPECT: at=B2
// EXPECT: at=A2
// EXPECT: contains "is global 'a'"
// EXPECT: contains "is global 'b'"
#include "threads.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

int main() {
  runUnordered(
      [] {
        pthread_mutex_lock(&a);  // at: A1
        pthread_mutex_lock(&b);  // at: B1
        pthread_mutex_unlock(&b);
        pthread_mutex_unlock(&a);
      },
      [] {
        pthread_mutex_lock(&b);  // at: B2
        pthread_mutex_lock(&a);  // at: A2
        pthread_mutex_unlock(&a);
        pthread_mutex_unlock(&b);
      });
}
