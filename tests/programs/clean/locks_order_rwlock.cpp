// Both only read the table: a reader does not keep another one out.
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
        pthread_rwlock_rdlock(&table);
        pthread_rwlock_unlock(&table);
        pthread_mutex_unlock(&mutex);
      });
}
