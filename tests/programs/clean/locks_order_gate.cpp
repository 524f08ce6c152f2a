// Both threads hold a third mutex while they take the two in opposite orders.
#include "threads.h"

pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER, a = PTHREAD_MUTEX_INITIALIZER,
                b = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t& first, pthread_mutex_t& second) {
  pthread_mutex_lock(&first);
  pthread_mutex_lock(&second);
  pthread_mutex_unlock(&second);
  pthread_mutex_unlock(&first);
}

int main() {
  runUnordered(
      [] {
        pthread_mutex_lock(&gate);
        take(a, b);
        pthread_mutex_unlock(&gate);
      },
      [] {
        pthread_mutex_lock(&gate);
        take(b, a);
        pthread_mutex_unlock(&gate);
      });
}
