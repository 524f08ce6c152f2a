// Two threads wait for each other, one of them with a deadline.
#include <time.h>

#include "threads.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

int main() {
  runThreads(
      [] {
        pthread_mutex_lock(&a);
        barrierUninstrumented(2);
        pthread_mutex_lock(&b);
        pthread_mutex_unlock(&b);
        pthread_mutex_unlock(&a);
      },
      [] {
        pthread_mutex_lock(&b);
        barrierUninstrumented(2);
        timespec soon;
        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_nsec += 50'000'000;
        if (soon.tv_nsec >= 1'000'000'000) soon.tv_nsec -= 1'000'000'000, soon.tv_sec++;
        if (pthread_mutex_timedlock(&a, &soon) == 0) pthread_mutex_unlock(&a);
        pthread_mutex_unlock(&b);
      });
}
