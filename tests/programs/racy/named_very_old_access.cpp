// 50 million recorded accesses lie between the two that race: the older stack is still there. The
// accesses of the loop are to few places, so only the last ones can still race.
// TSan: missed: the older stack is gone, and with it the report.
// ONLY: -O2
// EXPECT: races=1
// EXPECT: contains "longAgo"
// EXPECT: contains "firstPhase"
// EXPECT: not-contains "failed to restore"
#include "threads.h"

#include <atomic>

int forgotten;
long places[64 * 2];
std::atomic<int> turn;

__attribute__((noinline)) void longAgo() { forgotten = 1; }
__attribute__((noinline)) void firstPhase() {
  longAgo();
  __asm__ volatile("");
}

/// One release, and 64 accesses that are recorded, each with an event of its own.
__attribute__((noinline)) void round() {
  for (int i = 0; i < 64 * 2; i += 8) {
    places[i] = 1;
    __asm__ volatile("" ::: "memory");
    places[i + 2] = 2;
    __asm__ volatile("" ::: "memory");
    places[i + 4] = 3;
    __asm__ volatile("" ::: "memory");
    places[i + 6] = 4;
    __asm__ volatile("" ::: "memory");
  }
  turn.store(1, std::memory_order_release);
}

int main() {
  runUnordered(
      [] {
        firstPhase();
        for (int i = 0; i < 50'000'000 / 64; i++) round();
      },
      [] { forgotten = 2; });
}
