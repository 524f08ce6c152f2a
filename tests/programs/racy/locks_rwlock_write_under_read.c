// A reader waits for itself to let it write.
// EXPECT: reports=1
// EXPECT: contains "WARNING: DOUBLE LOCK OF A READ-WRITE LOCK"
// EXPECT: at=READ
// EXPECT: at=WRITE
// ENV: HINDSIGHT=halt_on_error=1
#include <pthread.h>

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main(void) {
  pthread_rwlock_rdlock(&lock); // at: READ
  pthread_rwlock_wrlock(&lock); // at: WRITE
  return 0;
}
