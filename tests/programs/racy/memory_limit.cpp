// With a limit of memory, what was accessed before is forgotten, which is said; what races afterwards is found.
// EXPECT: races=1
// EXPECT: contains "memory_limit_mb=70 is reached: what has been accessed until now is forgotten"
// ENV: HINDSIGHT=memory_limit_mb=70
#include <string.h>

#include "threads.h"

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int counter, released;

/// Writes 40 MiB, whose shadow is as large, and goes through as many epochs as it takes to have a look.
static void fill(char* block) {
  constexpr size_t kPart = 1 << 20;
  for (size_t part = 0; part < 40; part++) {
    memset(block + part * kPart, 1, kPart);
    for (int i = 0; i < 300; i++) {
      pthread_mutex_lock(&lock);
      released++;
      pthread_mutex_unlock(&lock);
    }
  }
}

static void count() {
  counter++;
}

int main() {
  char* const block = new char[40 << 20];
  runUnordered(
      [&] {
        for (int round = 0; round < 3; round++) fill(block);
        count();
      },
      [] { count(); });
  delete[] block;
}
