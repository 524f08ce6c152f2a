// Message passing with every pair of orders that does not synchronise: the reader has seen the
// flag, and still the data is not ordered.
// EXPECT: races=6
#include <atomic>

#include "threads.h"

template <std::memory_order kStore, std::memory_order kLoad>
struct Scenario {
  static inline std::atomic<bool> flag;
  static inline int data;
};

template <std::memory_order kStore, std::memory_order kLoad>
void race() {
  using S = Scenario<kStore, kLoad>;
  runThreads(
      [] {
        S::data = 1;
        S::flag.store(true, kStore);
      },
      [] {
        while (!S::flag.load(kLoad)) sched_yield();
        USE_VALUE(S::data);
      });
}

int main() {
  race<std::memory_order_relaxed, std::memory_order_relaxed>();
  race<std::memory_order_relaxed, std::memory_order_acquire>();
  race<std::memory_order_relaxed, std::memory_order_seq_cst>();
  race<std::memory_order_release, std::memory_order_relaxed>();
  race<std::memory_order_seq_cst, std::memory_order_relaxed>();
  race<std::memory_order_relaxed, std::memory_order_consume>();
}
