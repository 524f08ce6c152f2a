// message_passing_fences_racy.cpp - results are published with relaxed flags and fences.
//
// One acquire fence serves all of the flags that the reader has looked at, which is why people use
// fences. It needs a partner: without a release fence between the results and the flags, the flags
// promise nothing, and the reader may see a flag without its result.
// The fix (message_passing_fences_fixed.cpp): the release fence.
#include <atomic>
#include <cstdio>
#include <thread>

constexpr int kResults = 4;
int results[kResults];
std::atomic<bool> ready[kResults];

void compute() {
  for (int i = 0; i < kResults; i++) results[i] = i * i;
  for (auto& flag : ready) flag.store(true, std::memory_order_relaxed);
}

void collect() {
  for (auto& flag : ready) {
    while (!flag.load(std::memory_order_relaxed)) std::this_thread::yield();
  }
  std::atomic_thread_fence(std::memory_order_acquire);
  int sum = 0;
  for (int result : results) sum += result;
  std::printf("the sum is %d\n", sum);
}

int main() {
  std::thread collector(collect);
  std::thread computer(compute);
  computer.join();
  collector.join();
}
