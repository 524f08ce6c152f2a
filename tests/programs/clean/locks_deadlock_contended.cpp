// Many threads wait for nested locks, always in the same order.
#include "threads.h"

pthread_mutex_t mutexes[4] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                              PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
long count = 0;

int main() {
  runThreadsIndexed(6, [](int me) {
    for (int i = 0; i < 500; i++) {
      me % 2 == 0 ? pthread_rwlock_rdlock(&table) : pthread_rwlock_wrlock(&table);
      for (auto& mutex : mutexes) pthread_mutex_lock(&mutex);
      count++;
      for (auto& mutex : mutexes) pthread_mutex_unlock(&mutex);
      pthread_rwlock_unlock(&table);
    }
  });
}
