// message_passing_fences_fixed.cpp - results are published with relaxed flags and fences.
//
// One release fence covers all of the flags stored after it, one acquire fence all of the flags
// looked at before it. Many race detectors do not follow fences and would report a race here.
// Compare message_passing_fences_racy.cpp, where the release fence is missing.
#include <atomic>
#include <cstdio>
#include <thread>

constexpr int kResults = 4;
int results[kResults];
std::atomic<bool> ready[kResults];

void compute() {
  for (int i = 0; i < kResults; i++) results[i] = i * i;
  std::atomic_thread_fence(std::memory_order_release);
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
