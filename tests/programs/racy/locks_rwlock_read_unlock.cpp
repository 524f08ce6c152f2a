// A thread gives back a read lock that only another thread has.
// EXPECT: reports=1
// EXPECT: contains "WARNING: UNLOCK OF A READ-WRITE LOCK THAT OTHER THREADS HOLD"
// EXPECT: contains "for reading, taken at"
// EXPECT: at=LOCK
// EXPECT: at=UNLOCK
#include "threads.h"

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main() {
  pthread_rwlock_rdlock(&lock);  // at: LOCK
  Thread other([] {
    pthread_rwlock_unlock(&lock);  // at: UNLOCK
  });
  other.join();
}
