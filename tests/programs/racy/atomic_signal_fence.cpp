// A fence for signal handlers orders nothing between threads; one for threads does.
// EXPECT: races=1
#include <atomic>
#include <cstdlib>

#include "threads.h"

int data;
std::atomic<bool> ready;

int main() {
  runUnordered(
      [] {
        data = 1;
        std::atomic_signal_fence(std::memory_order_seq_cst);
        ready.store(true, std::memory_order_relaxed);
      },
      [] {
        if (!ready.load(std::memory_order_relaxed)) abort();
        std::atomic_signal_fence(std::memory_order_seq_cst);
        if (data != 1) abort();
      });
}
