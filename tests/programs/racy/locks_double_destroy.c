// A mutex is destroyed twice.
// EXPECT: reports=1
// EXPECT: contains "WARNING: USE OF A DESTROYED MUTEX"
// EXPECT: at=FIRST
// EXPECT: at=SECOND
#include <pthread.h>
#include <stddef.h>

int main(void) {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, NULL);
  pthread_mutex_destroy(&mutex); // at: FIRST
  pthread_mutex_destroy(&mutex); // at: SECOND
  return 0;
}
