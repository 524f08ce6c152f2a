// Readers give back as many read locks as they have taken, in any order with other threads.
#include "threads.h"

pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main() {
  pthread_rwlock_rdlock(&lock);
  pthread_rwlock_rdlock(&lock);
  Thread other([] {
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_unlock(&lock);
  });
  pthread_rwlock_unlock(&lock);
  other.join();
  pthread_rwlock_unlock(&lock);
  pthread_rwlock_wrlock(&lock);
  pthread_rwlock_unlock(&lock);
  pthread_rwlock_destroy(&lock);
}
