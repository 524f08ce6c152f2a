// Two threads hold different locks: the report says where each was taken, by whom that was called, and
// where the lock that a call has made was made.
// EXPECT: races=1
// EXPECT: contains "created at:"
// EXPECT: at=created
// EXPECT: at=taken
// EXPECT: matches "^  makeLock"
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
        take(&second);
        ++value;
        pthread_mutex_unlock(&second);
      });
  pthread_mutex_destroy(first);
  delete first;
}
