// The older access lies a million recorded events and calls back: its stack is still right,
// given room for that much history.
// TSan: missed: the older stack is gone, and with it the report.
// ENV: HINDSIGHT=history_size=7
// EXPECT: races=1
// EXPECT: contains "longAgo"
// EXPECT: contains "firstPhase"
// EXPECT: at=longAgo
#include "threads.h"

int forgotten;
int buffer[4096];
pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) void longAgo() {
  forgotten = 1;  // at: longAgo
}
__attribute__((noinline)) void firstPhase() {
  longAgo();
  __asm__ volatile("");
}
__attribute__((noinline)) void step(int i) {
  buffer[i & 4095] = i;
  __asm__ volatile("" ::: "memory");
}

int main() {
  runUnordered(
      [] {
        firstPhase();
        for (int round = 0; round < 256; round++) {
          pthread_mutex_lock(&own);
          for (int i = 0; i < 4096; i++) step(i);
          pthread_mutex_unlock(&own);
        }
      },
      [] { forgotten = 2; });
}
