// More locks held at once than the runtime lists: giving them back is no misuse.
#include <pthread.h>
#include <stddef.h>

enum { kLocks = 200 };
pthread_mutex_t mutexes[kLocks];
pthread_rwlock_t rwlocks[kLocks];
pthread_spinlock_t spins[kLocks];

int main(void) {
  for (int i = 0; i < kLocks; i++) {
    pthread_mutex_init(&mutexes[i], NULL);
    pthread_rwlock_init(&rwlocks[i], NULL);
    pthread_spin_init(&spins[i], PTHREAD_PROCESS_PRIVATE);
  }
  for (int i = 0; i < kLocks; i++) {
    pthread_mutex_lock(&mutexes[i]);
    pthread_rwlock_rdlock(&rwlocks[i]);
    pthread_spin_lock(&spins[i]);
  }
  for (int i = 0; i < kLocks; i++) {
    pthread_mutex_unlock(&mutexes[i]);
    pthread_rwlock_unlock(&rwlocks[i]);
    pthread_spin_unlock(&spins[i]);
  }
  return 0;
}
