// A loop reads a global in each round and unlocks its mutex in the round before the last.
// The last round reads the global without it.
// EXPECT: races=1
#include <pthread.h>

#include "../schedule.h"

enum { kCount = 100 };
int scale = 3;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
struct Item {
  int value;
  char last;
} items[kCount];

__attribute__((noinline)) long sum(const struct Item* item, int n) {
  long result = 0;
  pthread_mutex_lock(&mutex);
  int i = 0;
  do {
    result += (long)scale * item[i].value;
    if (__builtin_expect(item[i].last, 0)) pthread_mutex_unlock(&mutex);
  } while (++i < n);
  return result;
}

static void* change(void* unused) {
  stepWait(1);
  pthread_mutex_lock(&mutex);  // ordered behind the unlock of the loop
  scale = 4;
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  items[kCount - 2].last = 1;
  pthread_t thread;
  pthread_create(&thread, 0, change, 0);
  USE_VALUE(sum(items, kCount));
  stepAdvance();
  pthread_join(thread, 0);
  return 0;
}
