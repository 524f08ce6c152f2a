// The same report as JSON.
// EXPECT: reports=0
// EXPECT: contains ""kind":"potential_deadlock""
// EXPECT: contains ""cycle":["0x"
// EXPECT: contains ""role":"second""
// EXPECT: contains ""name":"a""
// ENV: HINDSIGHT=log_format=json
#include "threads.h"

pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t& first, pthread_mutex_t& second) {
  pthread_mutex_lock(&first);
  pthread_mutex_lock(&second);
  pthread_mutex_unlock(&second);
  pthread_mutex_unlock(&first);
}

int main() {
  runUnordered([] { take(a, b); }, [] { take(b, a); });
}
