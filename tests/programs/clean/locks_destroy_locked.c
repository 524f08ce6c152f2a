// A mutex is destroyed after its last holder has been joined, then made anew in the same place.
#include <pthread.h>
#include <stddef.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* holder(void* unused) {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  for (int i = 0; i < 3; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, holder, NULL);
    pthread_join(thread, NULL);
    pthread_mutex_destroy(&mutex);
    pthread_mutex_init(&mutex, NULL);
  }
  return 0;
}
