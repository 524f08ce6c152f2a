// Two threads hold one mutex each and wait for the other's: reported before the second one waits, once.
// EXPECT: reports=1
// EXPECT: contains "WARNING: DEADLOCK"
// EXPECT: not-contains "POTENTIAL"
// EXPECT: at=A1
// EXPECT: at=B1
// EXPECT: at=B2
// EXPECT: at=A2
// ENV: HINDSIGHT=halt_on_error=1
#include "threads.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

int main() {
  runThreads(
      [] {
        pthread_mutex_lock(&a);  // at: A1
        barrierUninstrumented(2);
        pthread_mutex_lock(&b);  // at: B1
      },
      [] {
        pthread_mutex_lock(&b);  // at: B2
        barrierUninstrumented(2);
        pthread_mutex_lock(&a);  // at: A2
      });
}
