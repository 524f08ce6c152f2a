// Message passing with every pair of orders that synchronises.
#include <atomic>

#include "threads.h"

template <std::memory_order kStore, std::memory_order kLoad>
struct Scenario {
  static inline std::atomic<int> flag;
  static inline int data;
};

template <std::memory_order kStore, std::memory_order kLoad>
void pass() {
  using S = Scenario<kStore, kLoad>;
  runThreads(
      [] {
        for (int n = 1; n < 200; n += 2) {
          S::data = n;
          S::flag.store(n, kStore);
          while (S::flag.load(kLoad) == n) sched_yield();
        }
      },
      [] {
        for (int n = 1; n < 200; n += 2) {
          while (S::flag.load(kLoad) != n) sched_yield();
          if (S::data++ != n) abort();
          S::flag.store(n + 1, kStore);
        }
      });
}

int main() {
  pass<std::memory_order_release, std::memory_order_acquire>();
  pass<std::memory_order_release, std::memory_order_consume>();
  pass<std::memory_order_release, std::memory_order_seq_cst>();
  pass<std::memory_order_seq_cst, std::memory_order_acquire>();
  pass<std::memory_order_seq_cst, std::memory_order_seq_cst>();
}
