// A sequence lock with relaxed atomic data and the fences that it needs.
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
std::atomic<unsigned> sequence;
std::atomic<int> first, second;

int main() {
  runThreadsIndexed(3, [](int i) {
    if (i == 0) {
      for (int n = 1; n < 1500; n++) {
        unsigned before = sequence.load(kRelaxed);
        sequence.store(before + 1, kRelaxed);
        std::atomic_thread_fence(std::memory_order_release);
        first.store(n, kRelaxed);
        second.store(-n, kRelaxed);
        sequence.store(before + 2, std::memory_order_release);
      }
      return;
    }
    for (int n = 0; n < 1500; n++) {
      unsigned before = sequence.load(std::memory_order_acquire);
      int sum = first.load(kRelaxed) + second.load(kRelaxed);
      std::atomic_thread_fence(std::memory_order_acquire);
      if (before % 2 == 0 && sequence.load(kRelaxed) == before && sum != 0) abort();
    }
  });
}
