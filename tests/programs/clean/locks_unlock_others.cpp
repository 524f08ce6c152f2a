// Each thread unlocks what it has locked.
#include "threads.h"

pthread_mutex_t mutex;

int main() {
  pthread_mutex_init(&mutex, nullptr);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  Thread other([] {
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
  });
  other.join();
  pthread_mutex_destroy(&mutex);
}
