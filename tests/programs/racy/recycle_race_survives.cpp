// Accesses, then hundreds of thousands of releases by two threads, then the racing accesses: with
// few stamps, all are used again several times meanwhile, and the four races are found all the same.
// The main thread sees nothing of it. TSan: missed: the older stacks are gone, and the reports too.
// ENV: HINDSIGHT=stamp_chunks=8
// EXPECT: races=4
#include <atomic>

#include "threads.h"

int written, read_by_two, written_late;
hindsight_test::Step steps;

static void release(std::atomic<int>& object, int times) {
  for (int i = 0; i < times; i++) object.store(i, std::memory_order_release);
}

int main() {
  std::atomic<int> one{0}, other{0};
  runThreads(
      [&] {
        written = 1;
        USE_VALUE(read_by_two);
        release(one, 150000);
        written_late = 1;
        steps.advance();
      },
      [&] {
        USE_VALUE(read_by_two);
        release(other, 200000);
        steps.advance();
      },
      [] {
        steps.wait(2);
        USE_VALUE(written);
        read_by_two = 1;
        USE_VALUE(written_late);
      });
}
