// atomic::wait with relaxed order wakes up but does not order.
// EXPECT: races=1
#include <atomic>

#include "threads.h"

std::atomic<int> state;
int data;

int main() {
  runThreads(
      [] {
        data = 1;
        state.store(1, std::memory_order_relaxed);
        state.notify_all();
      },
      [] {
        state.wait(0, std::memory_order_relaxed);
        USE_VALUE(data);
      });
}
