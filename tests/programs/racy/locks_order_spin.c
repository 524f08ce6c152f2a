// A spin lock and a mutex in opposite orders.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
#include <pthread.h>
#include <stddef.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_spinlock_t spin;

static void* first(void* unused) {
  pthread_mutex_lock(&mutex);
  pthread_spin_lock(&spin);
  pthread_spin_unlock(&spin);
  pthread_mutex_unlock(&mutex);
  return unused;
}

static void* second(void* unused) {
  pthread_spin_lock(&spin);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_spin_unlock(&spin);
  return unused;
}

int main(void) {
  void* (*const bodies[])(void*) = {first, second};
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  for (int i = 0; i < 2; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, bodies[i], NULL);
    pthread_join(thread, NULL);
  }
  return 0;
}
