// Four threads and four mutexes, the last pair in the order of the others: no cycle.
#include "threads.h"

pthread_mutex_t mutexes[4] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                              PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void take(pthread_mutex_t& first, pthread_mutex_t& second) {
  pthread_mutex_lock(&first);
  pthread_mutex_lock(&second);
  pthread_mutex_unlock(&second);
  pthread_mutex_unlock(&first);
}

int main() {
  for (int i = 0; i < 3; i++) runThreads([=] { take(mutexes[i], mutexes[i + 1]); });
  runThreads([] { take(mutexes[0], mutexes[3]); });
}
