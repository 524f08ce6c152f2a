// Two sequentially consistent fences order nothing unless a store between the threads is read.
// Racy: the reader's fence comes after the writer's, but it has read nothing of the writer's.
// EXPECT: races=1
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
        if (other.load(std::memory_order_relaxed) != 0) abort();
        std::atomic_thread_fence(std::memory_order_seq_cst);
        if (data != 1) abort();
      });
}
