// The second thread takes the lock before the first one has released what it wrote.
// EXPECT: races=1
#include "threads.h"

int shared_value;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main() {
  runThreads(
      [] {
        stepWait(1);
        shared_value = 1;
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        stepAdvance();
      },
      [] {
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        stepAdvance();
        stepWait(2);
        shared_value = 2;
      });
}
