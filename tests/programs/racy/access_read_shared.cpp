// Read by many threads over many epochs, then written by one that is ordered after all of the
// reads but the oldest.
// TSan: missed: four later readers evicted the first one.
// EXPECT: races=1
#include "threads.h"

int configuration;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main() {
  hindsight_test::Step step;
  Thread early([&] {
    USE_VALUE(configuration);
    step.advance();
    step.wait(2);
  });
  step.wait(1);
  for (int round = 0; round < 200; round++) {
    runThreadsIndexed(3, [](int) {
      pthread_mutex_lock(&mutex);
      USE_VALUE(configuration);
      pthread_mutex_unlock(&mutex);
      USE_VALUE(configuration);
    });
  }
  configuration = 1;
  step.advance();
  early.join();
}
