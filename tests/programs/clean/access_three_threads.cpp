// A writes, B takes over through a lock and writes, C takes over from B through another.
#include "threads.h"

int shared_value;
pthread_mutex_t to_b = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t to_c = PTHREAD_MUTEX_INITIALIZER;

void hand(pthread_mutex_t* mutex) {
  pthread_mutex_lock(mutex);
  pthread_mutex_unlock(mutex);
}

int main() {
  runThreads(
      [] {
        shared_value = 1;
        hand(&to_b);
        stepAdvance();
      },
      [] {
        stepWait(1);
        hand(&to_b);
        shared_value = 2;
        hand(&to_c);
        stepAdvance();
      },
      [] {
        stepWait(2);
        hand(&to_c);
        shared_value = 3;
      });
}
