// A sequence lock whose data is not atomic: the reader throws torn values away, but reading them
// is a race all the same.
// EXPECT: races>=1
#include <atomic>

#include "threads.h"

std::atomic<unsigned> sequence;
int first, second;

int main() {
  runThreads(
      [] {  // the reader is inside while the writer writes
        unsigned before = sequence.load(std::memory_order_acquire);
        int sum = first;
        stepAdvance();
        stepWait(2);
        sum += second;
        std::atomic_thread_fence(std::memory_order_acquire);
        if (sequence.load(std::memory_order_relaxed) == before) abort();
        USE_VALUE(sum);
      },
      [] {
        stepWait(1);
        sequence.store(1, std::memory_order_relaxed);
        std::atomic_thread_fence(std::memory_order_release);
        first = 1;
        second = 1;
        sequence.store(2, std::memory_order_release);
        stepAdvance();
      });
}
