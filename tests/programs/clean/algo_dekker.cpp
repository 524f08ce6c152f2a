// Dekker's algorithm of relaxed loads and stores and fences: seq_cst to exclude, acquire and release
// to order.
// TSan: false reports: it does not follow fences.
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;

struct Dekker {
  std::atomic<bool> wants[2]{};
  std::atomic<int> turn{0};

  void lock(int me) {
    wants[me].store(true, kRelaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    while (wants[1 - me].load(kRelaxed)) {
      if (turn.load(kRelaxed) != me) {
        wants[me].store(false, kRelaxed);
        while (turn.load(kRelaxed) != me) sched_yield();
        wants[me].store(true, kRelaxed);
        std::atomic_thread_fence(std::memory_order_seq_cst);
      } else {
        sched_yield();
      }
    }
    std::atomic_thread_fence(std::memory_order_acquire);
  }
  void unlock(int me) {
    std::atomic_thread_fence(std::memory_order_release);
    turn.store(1 - me, kRelaxed);
    wants[me].store(false, kRelaxed);
  }
};

Dekker dekker;
int data;

int main() {
  runThreadsIndexed(2, [](int me) {
    for (int n = 0; n < 300; n++) {
      dekker.lock(me);
      data++;
      dekker.unlock(me);
    }
  });
  if (data != 600) abort();
}
