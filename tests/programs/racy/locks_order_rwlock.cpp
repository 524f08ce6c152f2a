// A mutex and a read-write lock: a reader waits for the mutex, its holder wants to write.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
// EXPECT: contains "for reading"
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;

int main() {
  runUnordered(
      [] {
        pthread_rwlock_rdlock(&table);
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        pthread_rwlock_unlock(&table);
      },
      [] {
        pthread_mutex_lock(&mutex);
        pthread_rwlock_wrlock(&table);
        pthread_rwlock_unlock(&table);
        pthread_mutex_unlock(&mutex);
      });
}
