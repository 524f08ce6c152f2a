// sync_mutex_contended.cpp - four threads wait for each other's critical sections.
// Clean: every access is made under the mutex.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
long counter;
struct {
  char bytes[5];
  short shorts[3];
} mixed;

int main() {
  runThreadsIndexed(4, [](int) {
    for (int i = 0; i < 3000; ++i) {
      pthread_mutex_lock(&mutex);
      ++counter;
      ++mixed.bytes[counter % 5];
      ++mixed.shorts[counter % 3];
      if (counter % 97 == 0) sched_yield();
      pthread_mutex_unlock(&mutex);
    }
  });
  return counter == 12000 ? 0 : 1;
}
