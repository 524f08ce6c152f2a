// Order is passed on only by those who have acquired it, and only through what they release.
// EXPECT: races=3
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;

template <int kScenario>
struct Shared {
  static inline std::atomic<int> x, y;
  static inline int data;
};

template <int kScenario>
void race(std::memory_order middle_load, std::memory_order middle_store) {
  using S = Shared<kScenario>;
  runThreads(
      [] {
        S::data = 1;
        S::x.store(1, kRelease);
      },
      [=] {
        while (S::x.load(middle_load) == 0) sched_yield();
        S::y.store(1, middle_store);
      },
      [] {
        while (S::y.load(kAcquire) == 0) sched_yield();
        USE_VALUE(S::data);
      });
}

int main() {
  race<1>(kRelaxed, kRelease);
  race<2>(kAcquire, kRelaxed);
  race<3>(kRelaxed, kRelaxed);
}
