// A thread spins on a lock that it holds.
// EXPECT: reports=1
// EXPECT: contains "WARNING: DOUBLE LOCK OF A SPIN LOCK"
// ENV: HINDSIGHT=halt_on_error=1
#include <pthread.h>

pthread_spinlock_t lock;

int main(void) {
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_lock(&lock);
  pthread_spin_lock(&lock);
  return 0;
}
