// The second thread tries the lock that would be out of order, and gives up if it is busy; a lock with a
// deadline waits for none for ever, either.
#include <time.h>

#include "threads.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

int main() {
  runUnordered(
      [] {
        pthread_mutex_lock(&a);
        pthread_mutex_lock(&b);
        pthread_mutex_unlock(&b);
        pthread_mutex_unlock(&a);
      },
      [] {
        pthread_mutex_lock(&b);
        if (pthread_mutex_trylock(&a) == 0) pthread_mutex_unlock(&a);
        timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        now.tv_sec += 1;
        if (pthread_mutex_timedlock(&a, &now) == 0) pthread_mutex_unlock(&a);
        pthread_mutex_unlock(&b);
      });
}
