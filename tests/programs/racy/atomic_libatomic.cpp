// Atomics that are too big for the processor go through libatomic and its locks; the locks are an
// implementation detail and must not hide that the order is relaxed.
// TSan: missed.
// LIBS: -latomic
// EXPECT: races=2
#include <atomic>

#include "threads.h"

template <int kWords>
struct Words {
  long words[kWords];
};
template <int kWords>
struct Shared {
  static inline std::atomic<Words<kWords>> box;
  static inline int data;
};

template <int kWords>
void race() {
  using S = Shared<kWords>;
  runThreads(
      [] {
        S::data = 1;
        S::box.store({{1}}, std::memory_order_relaxed);
      },
      [] {
        while (S::box.load(std::memory_order_relaxed).words[0] == 0) sched_yield();
        USE_VALUE(S::data);
      });
}

int main() {
  race<3>();
  race<10>();
}
