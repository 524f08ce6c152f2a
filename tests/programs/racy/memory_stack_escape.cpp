// A pointer to a local variable is given to another thread, which writes it while the owner does.
// EXPECT: races=1
// EXPECT: contains "addTo"
#include "threads.h"

int* escaped;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) void addTo(int* total) { *total += 1; }

int main() {
  runThreads(
      [] {
        int total = 0;
        pthread_mutex_lock(&mutex);
        escaped = &total;
        pthread_mutex_unlock(&mutex);
        stepAdvance();
        stepWait(2);
        total = 5;
        __asm__ volatile("" ::: "memory");
        stepAdvance();
      },
      [] {
        stepWait(1);
        pthread_mutex_lock(&mutex);
        addTo(escaped);
        pthread_mutex_unlock(&mutex);
        stepAdvance();
        stepWait(3);
      });
}
