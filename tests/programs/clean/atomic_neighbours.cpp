// Atomics of one and two bytes beside plain bytes in the same word.
#include <atomic>

#include "threads.h"

struct {
  std::atomic<unsigned char> lock;
  unsigned char guarded;
  unsigned char own[2];
} packed;

int main() {
  runThreadsIndexed(2, [](int i) {
    for (int n = 0; n < 1000; n++) {
      while (packed.lock.exchange(1, std::memory_order_acquire) != 0) sched_yield();
      packed.guarded++;
      packed.lock.store(0, std::memory_order_release);
      packed.own[i]++;
    }
  });
}
