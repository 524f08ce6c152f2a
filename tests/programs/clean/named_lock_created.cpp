// Two threads hold the same lock.
#include "threads.h"

pthread_mutex_t* first;
pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
int value;

__attribute__((noinline)) void makeLock() {
  first = new pthread_mutex_t;
  pthread_mutex_init(first, nullptr);  // at: created
}
__attribute__((noinline)) void take(pthread_mutex_t* lock) {
  pthread_mutex_lock(lock);  // at: taken
}

int main() {
  makeLock();
  runUnordered(
      [] {
        take(first);
        ++value;
        pthread_mutex_unlock(first);
      },
      [] {
        take(first);
        ++value;
        pthread_mutex_unlock(first);
      });
  pthread_mutex_destroy(first);
  delete first;
}
