// The report says which locks each side holds, whether for reading, and where they were taken.
// EXPECT: races=1
// EXPECT: contains "Lock held by thread 2: mutex "
// EXPECT: contains "Lock held by thread 1: read lock "
// EXPECT: at=mutex taken
// EXPECT: at=read lock taken
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t read_write = PTHREAD_RWLOCK_INITIALIZER;
int value;

int main() {
  // The second body runs in the thread that is created first.
  runUnordered(
      [] {
        pthread_rwlock_rdlock(&read_write);  // at: read lock taken
        value = 1;
        pthread_rwlock_unlock(&read_write);
      },
      [] {
        pthread_mutex_lock(&mutex);  // at: mutex taken
        value = 2;
        pthread_mutex_unlock(&mutex);
      });
}
