// A thread locks a mutex that it holds: reported before it waits for ever.
// EXPECT: reports=1
// EXPECT: contains "WARNING: DOUBLE LOCK OF A MUTEX"
// EXPECT: at=FIRST
// EXPECT: at=SECOND
// ENV: HINDSIGHT=halt_on_error=1
#include <pthread.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  pthread_mutex_lock(&mutex); // at: FIRST
  pthread_mutex_lock(&mutex); // at: SECOND
  return 0;
}
