// A thread that polls a ring which another one fills: whatever load finds the new tail is ordered after
// the element. The ring is short, so that each waits for the other all the time.
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <thread>

namespace {

constexpr std::size_t kCapacity = 4;
constexpr std::size_t kMessages = 300'000;
alignas(64) std::atomic<std::size_t> head;
alignas(64) std::atomic<std::size_t> tail;
alignas(64) std::size_t slots[kCapacity][4];

void fill() {
  for (std::size_t sent = 0; sent < kMessages; ++sent) {
    for (int rounds = 0; sent - head.load(std::memory_order_acquire) == kCapacity; ++rounds)
      if (rounds > 1000) std::this_thread::yield();
    for (std::size_t& word : slots[sent % kCapacity]) word = sent;
    tail.store(sent + 1, std::memory_order_release);
  }
}

void drain() {
  for (std::size_t received = 0; received < kMessages; ++received) {
    for (int rounds = 0; tail.load(std::memory_order_acquire) == received; ++rounds)
      if (rounds > 1000) std::this_thread::yield();
    for (const std::size_t word : slots[received % kCapacity])
      if (word != received) std::abort();
    head.store(received + 1, std::memory_order_release);
  }
}

}  // namespace

int main() {
  std::thread filler(fill);
  drain();
  filler.join();
}
