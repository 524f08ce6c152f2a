// The older access lies millions of recorded events, releases and calls back, in all that time it is
// the only thing that history is still good for: its stack and its lock are right.
// TSan: missed: the older stack is gone, and with it the report.
// EXPECT: races=2
// EXPECT: contains "longAgo"
// EXPECT: contains "firstPhase"
// EXPECT: contains "readOnce"
// EXPECT: not-contains "failed to restore"
// EXPECT: at=longAgo
// EXPECT: at=readOnce
#include "threads.h"

int forgotten, looked_at;
int buffer[4096];
pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) void longAgo() {
  forgotten = 1;  // at: longAgo
}
__attribute__((noinline)) void readOnce() {
  USE_VALUE(looked_at);  // at: readOnce
}
__attribute__((noinline)) void firstPhase() {
  pthread_mutex_lock(&other);
  longAgo();
  pthread_mutex_unlock(&other);
  readOnce();
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
      [] {
        forgotten = 2;
        looked_at = 1;
      });
}
