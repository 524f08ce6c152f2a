// The report is suppressed, by the name of one of the locks.
// EXPECT: contains "Suppressed 1 report(s) by deadlock:known_order"
// ENV: HINDSIGHT=print_suppressions=1
#include "threads.h"

extern "C" const char* __tsan_default_suppressions() { return "deadlock:known_order\n"; }

pthread_mutex_t known_order = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t& first, pthread_mutex_t& second) {
  pthread_mutex_lock(&first);
  pthread_mutex_lock(&second);
  pthread_mutex_unlock(&second);
  pthread_mutex_unlock(&first);
}

int main() {
  runUnordered([] { take(known_order, b); }, [] { take(b, known_order); });
}
