// Three threads in a circle, with a read-write lock among the locks.
// EXPECT: reports=1
// EXPECT: contains "WARNING: DEADLOCK"
// EXPECT: not-contains "POTENTIAL"
// EXPECT: matches "Cycle of locks: 0x[0-9a-f]+ -> 0x[0-9a-f]+ -> 0x[0-9a-f]+ -> 0x[0-9a-f]+$"
// ENV: HINDSIGHT=halt_on_error=1
#include "threads.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t c = PTHREAD_RWLOCK_INITIALIZER;

int main() {
  runThreads(
      [] {
        pthread_mutex_lock(&a);
        barrierUninstrumented(3);
        pthread_mutex_lock(&b);
      },
      [] {
        pthread_mutex_lock(&b);
        barrierUninstrumented(3);
        pthread_rwlock_wrlock(&c);
      },
      [] {
        pthread_rwlock_rdlock(&c);
        barrierUninstrumented(3);
        pthread_mutex_lock(&a);
      });
}
