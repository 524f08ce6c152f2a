// Sixteen-byte atomics, inline and through libatomic, and bigger ones that take libatomic's locks:
// stores, loads, exchanges and compare-exchanges hand data over.
// LIBS: -latomic
#include <atomic>

#include "threads.h"

template <int kWords>
struct alignas(kWords == 2 ? 16 : 8) Words {
  long words[kWords];
  bool operator==(const Words&) const = default;
};

template <int kWords>
struct Shared {
  static inline std::atomic<Words<kWords>> turn;
  static inline int data;
};

template <int kWords>
void takeTurns() {
  using S = Shared<kWords>;
  runThreadsIndexed(3, [](int i) {
    for (int n = i; n < 90; n += 3) {
      Words<kWords> now;
      while ((now = S::turn.load(std::memory_order_acquire)).words[kWords - 1] != n) sched_yield();
      S::data++;
      Words<kWords> next = now;
      next.words[kWords - 1]++;
      if (n % 2 == 0) {
        S::turn.store(next, std::memory_order_release);
      } else if (!S::turn.compare_exchange_strong(now, next, std::memory_order_acq_rel)) {
        abort();
      }
    }
  });
}

int main() {
  takeTurns<2>();
  takeTurns<3>();
  takeTurns<10>();
}
