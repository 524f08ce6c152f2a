// A mutex that nobody holds is unlocked.
// EXPECT: reports=1
// EXPECT: contains "WARNING: UNLOCK OF AN UNLOCKED MUTEX"
// EXPECT: contains "Found 1 problem(s) other than data races"
// EXPECT: contains "is global 'mutex'"
// EXPECT: at=UNLOCK
#include <pthread.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_mutex_unlock(&mutex); // at: UNLOCK
  return 0;
}
