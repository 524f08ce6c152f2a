// Two threads take two mutexes in the same order.
#include "threads.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void both() {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&a);  // the order of unlocks does not matter
  pthread_mutex_unlock(&b);
}

int main() { runUnordered(both, both); }
