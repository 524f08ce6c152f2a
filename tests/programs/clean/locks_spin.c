// A spin lock used as it should be.
#include <pthread.h>

pthread_spinlock_t lock;

int main(void) {
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_lock(&lock);
  if (pthread_spin_trylock(&lock) == 0) return 1;
  pthread_spin_unlock(&lock);
  pthread_spin_destroy(&lock);
  return 0;
}
