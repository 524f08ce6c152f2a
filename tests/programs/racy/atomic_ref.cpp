// std::atomic_ref: relaxed does not hand over, and a plain access beside it races.
// EXPECT: races=2
#include <atomic>

#include "threads.h"

int flag;
int data;
int mixed;

int main() {
  runThreads(
      [] {
        data = 1;
        std::atomic_ref(flag).store(1, std::memory_order_relaxed);
      },
      [] {
        while (std::atomic_ref(flag).load(std::memory_order_acquire) == 0) sched_yield();
        USE_VALUE(data);
      });
  runUnordered([] { std::atomic_ref(mixed).fetch_add(1); }, [] { mixed++; });
}
