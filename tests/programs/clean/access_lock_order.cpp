// The second thread takes the lock after the first one has released what it wrote outside of it.
#include "threads.h"

int shared_value;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main() {
  runThreads(
      [] {
        shared_value = 1;
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        stepAdvance();
      },
      [] {
        stepWait(1);
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        shared_value = 2;
      });
}
