// A writes, B takes over through a lock and writes; C is ordered after A but not after B.
// EXPECT: races=1
// EXPECT: contains "writeByB"
// EXPECT: contains "writeByC"
// EXPECT: not-contains "writeByA"
#include "threads.h"

int shared_value;
pthread_mutex_t to_b = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t to_c = PTHREAD_MUTEX_INITIALIZER;

void hand(pthread_mutex_t* mutex) {
  pthread_mutex_lock(mutex);
  pthread_mutex_unlock(mutex);
}
__attribute__((noinline)) void writeByA() { shared_value = 1; }
__attribute__((noinline)) void writeByB() { shared_value = 2; }
__attribute__((noinline)) void writeByC() { shared_value = 3; }

int main() {
  runThreads(
      [] {
        writeByA();
        hand(&to_b);
        hand(&to_c);
        stepAdvance();
      },
      [] {
        stepWait(1);
        hand(&to_b);
        writeByB();
        stepAdvance();
      },
      [] {
        stepWait(2);
        hand(&to_c);
        writeByC();
      });
}
