// A cycle of four mutexes by four threads.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
// EXPECT: matches "Cycle of locks: 0x[0-9a-f]+ -> 0x[0-9a-f]+ -> 0x[0-9a-f]+ -> 0x[0-9a-f]+ -> 0x[0-9a-f]+$"
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
  for (int i = 0; i < 4; i++) runThreads([=] { take(mutexes[i], mutexes[(i + 1) % 4]); });
}
