// std::atomic_ref: plain before and after, atomic while shared.
#include <atomic>

#include "threads.h"

int counters[8];
int flag;
int data;

int main() {
  counters[3] = 5;
  runThreadsIndexed(3, [](int) {
    for (int n = 0; n < 500; n++) std::atomic_ref(counters[n % 8]).fetch_add(1);
  });
  if (counters[3]++ < 5) return 1;
  runThreads(
      [] {
        data = 1;
        std::atomic_ref(flag).store(1, std::memory_order_release);
      },
      [] {
        while (std::atomic_ref(flag).load(std::memory_order_acquire) == 0) sched_yield();
        data++;
      });
}
