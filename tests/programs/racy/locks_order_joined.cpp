// The first thread is joined before the second one begins: these two cannot hang, but the order is wrong
// as soon as both run at once, so it is reported.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
#include "threads.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t& first, pthread_mutex_t& second) {
  pthread_mutex_lock(&first);
  pthread_mutex_lock(&second);
  pthread_mutex_unlock(&second);
  pthread_mutex_unlock(&first);
}

int main() {
  runOrdered([] { take(a, b); }, [] { take(b, a); });
}
