// A Treiber stack of tagged indices as a free list: entries go round among four threads.
#include <atomic>
#include <cstdint>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr std::uint32_t kEntries = 6;

struct Entry {
  std::atomic<std::uint32_t> next{0};
  int value = 0;
};
Entry entries[kEntries + 1];        // 0 is none
std::atomic<std::uint64_t> top{0};  // tag : 32, index : 32

void push(std::uint32_t index) {
  std::uint64_t old = top.load(kRelaxed);
  do {
    entries[index].next.store(static_cast<std::uint32_t>(old), kRelaxed);
  } while (!top.compare_exchange_weak(old, ((old >> 32) + 1) << 32 | index,
                                      std::memory_order_release, kRelaxed));
}
std::uint32_t pop() {
  std::uint64_t old = top.load(std::memory_order_acquire);
  for (;;) {
    const auto index = static_cast<std::uint32_t>(old);
    if (index == 0) return 0;
    const std::uint64_t next = ((old >> 32) + 1) << 32 | entries[index].next.load(kRelaxed);
    if (top.compare_exchange_weak(old, next, std::memory_order_acquire)) return index;
  }
}

int main() {
  for (std::uint32_t index = 1; index <= kEntries; index++) push(index);
  runThreadsIndexed(4, [](int) {
    for (int n = 0; n < 500; n++) {
      const std::uint32_t mine = pop();
      if (mine == 0) {
        sched_yield();
        continue;
      }
      entries[mine].value++;
      if (n % 32 == 0) sched_yield();
      push(mine);
    }
  });
  for (std::uint32_t index; (index = pop()) != 0;) USE_VALUE(entries[index].value);
}
