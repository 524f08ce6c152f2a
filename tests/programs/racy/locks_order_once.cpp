// The same two orders again and again, by many threads and on many pairs of locks: one report, as the
// places in the program are the same.
// EXPECT: reports=1
#include "threads.h"

struct Pair {
  pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
};

static void take(pthread_mutex_t& first, pthread_mutex_t& second) {
  pthread_mutex_lock(&first);
  pthread_mutex_lock(&second);
  pthread_mutex_unlock(&second);
  pthread_mutex_unlock(&first);
}

int main() {
  Pair pairs[3];
  for (int round = 0; round < 3; round++)
    for (Pair& pair : pairs) {
      runThreads([&] { take(pair.a, pair.b); });
      runThreads([&] { take(pair.b, pair.a); });
    }
}
