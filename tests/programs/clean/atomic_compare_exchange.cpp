// Compare-exchange, weak and strong: a failure acquires with its failure order, also when that is
// stronger than the success order; a success acquires and releases.
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kAcqRel = std::memory_order_acq_rel;

template <int kScenario>
struct Shared {
  static inline std::atomic<int> flag;
  static inline int data;
};

void failureAcquires() {
  using S = Shared<1>;
  runThreads(
      [] {
        S::data = 1;
        S::flag.store(1, kRelease);
      },
      [] {
        int expected;
        do expected = 2;
        while (S::flag.compare_exchange_strong(expected, 5, kRelaxed, kAcquire) || expected == 0);
        S::data++;
      });
}
void successHandsOver() {
  using S = Shared<2>;
  runThreadsIndexed(3, [](int) {
    for (int n = 0; n < 300; n++) {
      int expected = 0;
      while (!S::flag.compare_exchange_weak(expected, 1, kAcquire, kRelaxed)) {
        expected = 0;
        sched_yield();
      }
      S::data++;
      expected = 1;
      if (!S::flag.compare_exchange_strong(expected, 0, kRelease, kRelaxed)) abort();
    }
  });
}
void counted() {
  using S = Shared<3>;
  runThreadsIndexed(3, [](int) {
    for (int n = 0; n < 500; n++) {
      int expected = S::flag.load(kRelaxed);
      while (!S::flag.compare_exchange_weak(expected, expected + 1, kAcqRel)) {
      }
    }
  });
  if (S::flag != 1500) abort();
}

int main() {
  failureAcquires();
  successHandsOver();
  counted();
}
