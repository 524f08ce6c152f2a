// A read-write lock is destroyed while it is held for writing.
// EXPECT: reports=1
// EXPECT: contains "WARNING: DESTROY OF A LOCKED READ-WRITE LOCK"
// EXPECT: at=LOCK
#include <pthread.h>

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main(void) {
  pthread_rwlock_wrlock(&lock); // at: LOCK
  pthread_rwlock_destroy(&lock);
  return 0;
}
