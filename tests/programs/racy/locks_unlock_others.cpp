// A thread unlocks the mutex that another one holds. Both stacks are shown, and where it was created.
// EXPECT: reports=1
// EXPECT: contains "WARNING: UNLOCK OF A MUTEX THAT ANOTHER THREAD HOLDS"
// EXPECT: contains "Main thread holds"
// EXPECT: at=UNLOCK
// EXPECT: at=LOCK
// EXPECT: at=INIT
#include "threads.h"

pthread_mutex_t mutex;

int main() {
  pthread_mutex_init(&mutex, nullptr);  // at: INIT
  pthread_mutex_lock(&mutex);  // at: LOCK
  Thread other([] {
    pthread_mutex_unlock(&mutex);  // at: UNLOCK
  });
  other.join();
}
