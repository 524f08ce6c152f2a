// The optimiser likes to load before it knows that the value is needed. What the source never
// reads must not be reported: nothing here touches `guarded` while `enabled` is false.
// TSan: false report in choose() at -O2: a load of a selected address became a select of two loads.
#include "threads.h"

bool enabled;
int guarded;
int other = 3;

__attribute__((noinline)) int sum(int n) {
  int total = 0;
  for (int i = 0; i < n; i++) {
    if (enabled) total += guarded;  // a candidate for hoisting out of the loop
    total ^= i;
  }
  return total;
}
__attribute__((noinline)) int choose(bool which) {
  return which ? guarded : other;  // a candidate for two loads and a select
}

int main() {
  runThreads(
      [] {
        for (int i = 0; i < 200; i++) {
          USE_VALUE(sum(i));
          USE_VALUE(choose(false));
        }
      },
      [] {
        for (int i = 0; i < 2000; i++) {
          guarded = i;
          __asm__ volatile("" ::: "memory");
        }
      });
}
