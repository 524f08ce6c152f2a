// Compare-exchange: a failure has the failure order only and releases nothing; a success has the
// success order only.
// EXPECT: races=4
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
  static inline hindsight_test::Step step;
};

void failureDoesNotAcquire() {
  using S = Shared<1>;
  runThreads(
      [] {
        S::data = 1;
        S::flag.store(1, kRelease);
        S::step.advance();
      },
      [] {
        S::step.wait(1);
        int expected = 0;
        if (S::flag.compare_exchange_strong(expected, 5, kAcqRel, kRelaxed)) abort();
        USE_VALUE(S::data);
      });
}
void failureDoesNotRelease() {
  using S = Shared<2>;
  runThreads(
      [] {
        S::data = 1;
        int expected = 7;
        if (S::flag.compare_exchange_strong(expected, 5, kAcqRel, kAcquire)) abort();
        S::step.advance();
      },
      [] {
        S::step.wait(1);
        USE_VALUE(S::flag.load(kAcquire));
        USE_VALUE(S::data);
      });
}
void successDoesNotAcquire() {
  using S = Shared<3>;
  runThreads(
      [] {
        S::data = 1;
        S::flag.store(1, kRelease);
        S::step.advance();
      },
      [] {
        S::step.wait(1);
        int expected = 1;
        if (!S::flag.compare_exchange_strong(expected, 5, kRelease, kRelaxed)) abort();
        USE_VALUE(S::data);
      });
}
void successDoesNotRelease() {
  using S = Shared<4>;
  runThreads(
      [] {
        S::data = 1;
        int expected = 0;
        if (!S::flag.compare_exchange_strong(expected, 5, kAcquire, kAcquire)) abort();
        S::step.advance();
      },
      [] {
        S::step.wait(1);
        USE_VALUE(S::flag.load(kAcquire));
        USE_VALUE(S::data);
      });
}

int main() {
  failureDoesNotAcquire();
  failureDoesNotRelease();
  successDoesNotAcquire();
  successDoesNotRelease();
}
