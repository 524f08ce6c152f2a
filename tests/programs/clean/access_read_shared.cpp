// Read by many threads over many epochs, under a lock and outside it; written in between when all
// of the readers are ordered before.
#include "threads.h"

int configuration;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main() {
  for (int round = 0; round < 100; round++) {
    runThreadsIndexed(3, [](int) {
      pthread_mutex_lock(&mutex);
      USE_VALUE(configuration);
      pthread_mutex_unlock(&mutex);
      USE_VALUE(configuration);
    });
    if (round % 3 == 0) configuration = round;
  }
}
