// Order is passed on through a third thread, by atomics, fences, locks and thread creation.
// TSan: false report for the scenario with fences.
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;

template <int kScenario>
struct Shared {
  static inline std::atomic<int> x, y;
  static inline int data;

  static void write() {
    data = 1;
    x.store(1, kRelease);
  }
  static void read() {
    while (y.load(kAcquire) == 0) sched_yield();
    data++;
  }
};

void byAtomics() {
  using S = Shared<1>;
  runThreads([] { S::write(); },
             [] {
               while (S::x.load(kAcquire) == 0) sched_yield();
               S::y.store(1, kRelease);
             },
             [] { S::read(); });
}
void byFences() {
  using S = Shared<2>;
  runThreads([] { S::write(); },
             [] {
               while (S::x.load(kRelaxed) == 0) sched_yield();
               std::atomic_thread_fence(std::memory_order_acq_rel);
               S::y.store(1, kRelaxed);
             },
             [] { S::read(); });
}
void byCreation() {
  using S = Shared<3>;
  runThreads([] { S::write(); },
             [] {
               while (S::x.load(kAcquire) == 0) sched_yield();
               runThreads([] { S::data++; });
               S::y.store(1, kRelease);
             },
             [] { S::read(); });
}

int main() {
  byAtomics();
  byFences();
  byCreation();
}
