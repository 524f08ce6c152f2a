// A release sequence is continued by read-modify-write operations of any thread and any order.
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;

template <int kScenario>
struct Shared {
  static inline std::atomic<int> flag;
  static inline int data;
  static inline hindsight_test::Step step;

  static void read(int value) {
    while (flag.load(kAcquire) != value) sched_yield();
    data++;
  }
};

void countedByOthers() {
  using S = Shared<1>;
  runThreads(
      [] {
        S::data = 1;
        S::flag.store(1, kRelease);
        S::step.advance();
      },
      [] {
        S::step.wait(1);
        S::flag.fetch_add(1, kRelaxed);
        S::step.advance();
      },
      [] {
        S::step.wait(2);
        int expected = 2;
        S::flag.compare_exchange_strong(expected, 3, kRelaxed);
      },
      [] { S::read(3); });
}
void exchanged() {
  using S = Shared<2>;
  runThreads(
      [] {
        S::data = 1;
        S::flag.store(1, kRelease);
      },
      [] {
        while (S::flag.load(kRelaxed) != 1) sched_yield();
        S::flag.exchange(2, kAcquire);
      },
      [] { S::read(2); });
}
void headedByCounter() {  // the head of the sequence is itself a read-modify-write
  using S = Shared<3>;
  runThreads(
      [] {
        S::data = 1;
        S::flag.fetch_add(1, kRelease);
      },
      [] {
        while (S::flag.load(kRelaxed) != 1) sched_yield();
        S::flag.fetch_add(1, kRelaxed);
      },
      [] { S::read(2); });
}
int parts[4];
std::atomic<int> done;
void releasedByAll() {  // every release joins in: the reader is ordered after all of the writers
  runThreadsIndexed(5, [](int i) {
    if (i < 4) {
      parts[i] = i;
      done.fetch_add(1, kRelease);
    } else {
      while (done.load(kAcquire) != 4) sched_yield();
      for (int& part : parts) part++;
    }
  });
}

int main() {
  countedByOthers();
  exchanged();
  headedByCounter();
  releasedByAll();
}
