// Sixteen-byte atomics: relaxed orders do not hand over, and a plain access to half of one races.
// FLAGS: -std=c++20 -pthread -mcx16
// LIBS: -latomic
// EXPECT: races=2
#include <atomic>

#include "threads.h"

struct alignas(16) Pair {
  long first, second;
};
std::atomic<Pair> pair;
union {
  __int128 whole;
  long halves[2];
} mixed;
int data;

int main() {
  runThreads(
      [] {
        data = 1;
        pair.store({1, 2}, std::memory_order_relaxed);
      },
      [] {
        while (pair.load(std::memory_order_relaxed).second != 2) sched_yield();
        USE_VALUE(data);
      });
  runUnordered([] { __atomic_store_n(&mixed.whole, 5, __ATOMIC_SEQ_CST); },
               [] { USE_VALUE(mixed.halves[1]); });
}
