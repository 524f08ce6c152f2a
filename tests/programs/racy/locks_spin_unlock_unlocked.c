// A spin lock that nobody holds is unlocked.
// EXPECT: reports=1
// EXPECT: contains "WARNING: UNLOCK OF AN UNLOCKED SPIN LOCK"
#include <pthread.h>

pthread_spinlock_t lock;

int main(void) {
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_unlock(&lock);
  pthread_spin_destroy(&lock);
  return 0;
}
