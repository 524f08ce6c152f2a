// An acquiring operation does not publish, a releasing one does not observe.
// EXPECT: races=5
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;

template <int kScenario>
struct Shared {
  static inline std::atomic<unsigned> flag;
  static inline int data;
  static inline hindsight_test::Step step;
};

template <int kScenario, class Publish, class Observe>
void race(Publish publish, Observe observe) {
  using S = Shared<kScenario>;
  runThreads(
      [=] {
        S::data = 1;
        publish(S::flag);
        S::step.advance();
      },
      [=] {
        S::step.wait(1);
        observe(S::flag);
        USE_VALUE(S::data);
      });
}

using Atomic = std::atomic<unsigned>;

int main() {
  race<1>([](Atomic& flag) { flag.fetch_add(1, kAcquire); },
          [](Atomic& flag) { flag.fetch_add(1, kAcquire); });
  race<2>([](Atomic& flag) { flag.exchange(1, kRelease); },
          [](Atomic& flag) { flag.exchange(2, kRelease); });
  race<3>([](Atomic& flag) { flag.fetch_or(4, kRelaxed); },
          [](Atomic& flag) { flag.fetch_and(4, kAcquire); });
  race<4>([](Atomic& flag) { flag.fetch_xor(1, kRelease); },
          [](Atomic& flag) { flag.fetch_sub(1, kRelaxed); });
  race<5>([](Atomic& flag) { flag.fetch_sub(1, kRelaxed); },
          [](Atomic& flag) { flag.exchange(0, kRelaxed); });
}
