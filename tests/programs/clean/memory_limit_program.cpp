// With a limit that the program alone exceeds, forgetting gains nothing, but what it has cost is said all the same.
// EXPECT: contains "memory_limit_mb=60 is reached: what has been accessed until now is forgotten"
// EXPECT: contains "memory_limit_mb=60 is reached: the program itself"
// ENV: HINDSIGHT=memory_limit_mb=60
#include "threads.h"

constexpr size_t kBytes = 80 << 20;

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int released;

/// Memory of the program's own that has no shadow.
HINDSIGHT_TEST_UNINSTRUMENTED static void touch(volatile char* block) {
  for (size_t at = 0; at < kBytes; at += 4096) block[at] = 1;
}

int main() {
  char* const block = new char[kBytes];
  touch(block);
  runThreads([] {
    for (int i = 0; i < 1000; i++) {
      pthread_mutex_lock(&lock);
      released++;
      pthread_mutex_unlock(&lock);
    }
  });
  delete[] block;
}
