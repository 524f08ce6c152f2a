// Peterson's algorithm without order: who enters second is not ordered after who left first.
// EXPECT: races>=1
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
std::atomic<bool> wants[2];
std::atomic<int> turn;
int data;

int main() {
  auto enterOnce = [](int me) {
    wants[me].store(true, kRelaxed);
    turn.store(1 - me, kRelaxed);
    while (wants[1 - me].load(kRelaxed) && turn.load(kRelaxed) == 1 - me) sched_yield();
    data++;
    wants[me].store(false, kRelaxed);
  };
  runUnordered([=] { enterOnce(0); }, [=] { enterOnce(1); });
}
