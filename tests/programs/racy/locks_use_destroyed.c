// A mutex is locked after its end; where it ended is shown.
// EXPECT: reports=1
// EXPECT: contains "WARNING: USE OF A DESTROYED MUTEX"
// EXPECT: at=DESTROY
// EXPECT: at=LOCK
#include <pthread.h>
#include <stddef.h>

pthread_mutex_t mutex;

int main(void) {
  pthread_mutex_init(&mutex, NULL);
  pthread_mutex_destroy(&mutex); // at: DESTROY
  pthread_mutex_lock(&mutex); // at: LOCK
  return 0;
}
