// Dekker's algorithm with relaxed loads and stores: even where it excludes, it does not order. With
// its fences only around the entry, what the first one did inside is not handed to the second.
// EXPECT: races=2
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;

template <bool kFences>
struct Dekker {
  std::atomic<bool> wants[2]{};
  std::atomic<int> turn{0};

  void lock(int me) {
    wants[me].store(true, kRelaxed);
    if (kFences) std::atomic_thread_fence(std::memory_order_seq_cst);
    while (wants[1 - me].load(kRelaxed)) {
      if (turn.load(kRelaxed) == me) continue;
      wants[me].store(false, kRelaxed);
      while (turn.load(kRelaxed) != me) sched_yield();
      wants[me].store(true, kRelaxed);
      if (kFences) std::atomic_thread_fence(std::memory_order_seq_cst);
    }
    // std::atomic_thread_fence(std::memory_order_acquire) is missing
  }
  void unlock(int me) {
    // std::atomic_thread_fence(std::memory_order_release) is missing
    turn.store(1 - me, kRelaxed);
    wants[me].store(false, kRelaxed);
  }
};

Dekker<false> relaxed;
Dekker<true> fenced;
int by_relaxed;
int by_fenced;

int main() {
  const auto enterRelaxed = [](int me) {
    relaxed.lock(me);
    by_relaxed++;
    relaxed.unlock(me);
  };
  const auto enterFenced = [](int me) {
    fenced.lock(me);
    by_fenced++;
    fenced.unlock(me);
  };
  runUnordered([=] { enterRelaxed(0); }, [=] { enterRelaxed(1); });
  runUnordered([=] { enterFenced(0); }, [=] { enterFenced(1); });
}
