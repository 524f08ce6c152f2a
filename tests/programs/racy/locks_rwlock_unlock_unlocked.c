// A read-write lock that nobody holds is unlocked.
// EXPECT: reports=1
// EXPECT: contains "WARNING: UNLOCK OF AN UNLOCKED READ-WRITE LOCK"
// EXPECT: exit=66
#include <pthread.h>
#include <unistd.h>

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main(void) {
  pthread_rwlock_unlock(&lock);
  _exit(0);
}
