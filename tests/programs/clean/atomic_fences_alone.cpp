// Two sequentially consistent fences order nothing unless a store between the threads is read.
// Clean: it has read, relaxed, what the writer stored, relaxed, after its fence.
#include <atomic>
#include <cstdlib>

#include "threads.h"

int data;
std::atomic<int> flag, other;

int main() {
  runUnordered(
      [] {
        data = 1;
        std::atomic_thread_fence(std::memory_order_seq_cst);
        flag.store(1, std::memory_order_relaxed);
      },
      [] {
        if (flag.load(std::memory_order_relaxed) != 1) abort();
        std::atomic_thread_fence(std::memory_order_seq_cst);
        if (data != 1) abort();
      });
}
