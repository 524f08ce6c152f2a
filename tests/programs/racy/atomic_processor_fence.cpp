// A flag is stored and loaded relaxed, with the processor's fences by their intrinsics, but for the writer's.
// REQUIRES: arch=x86_64
// EXPECT: races=1
#include <immintrin.h>

#include <atomic>
#include <thread>

#include "threads.h"

int data;
std::atomic<int> flag;

int main() {
  std::thread writer([] {
    data = 42;
    flag.store(1, std::memory_order_relaxed);
  });
  while (flag.load(std::memory_order_relaxed) == 0) {
  }
  _mm_mfence();
  USE_VALUE(data);
  writer.join();
}
