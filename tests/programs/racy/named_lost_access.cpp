// No memory for what is older than the ring: the race is still reported, and how to keep more.
// ENV: HINDSIGHT=history_kept_mib=0
// EXPECT: races=1
// EXPECT: contains "failed to restore the stack: HINDSIGHT=history_effort=100 or history_kept_mib=n keeps more"
#include "threads.h"

int forgotten;
int buffer[4096];
pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) void step(int i) {
  buffer[i & 4095] = i;
  __asm__ volatile("" ::: "memory");
}

int main() {
  runUnordered(
      [] {
        forgotten = 1;
        for (int round = 0; round < 32; round++) {
          pthread_mutex_lock(&own);
          for (int i = 0; i < 4096; i++) step(i);
          pthread_mutex_unlock(&own);
        }
      },
      [] { forgotten = 2; });
}
