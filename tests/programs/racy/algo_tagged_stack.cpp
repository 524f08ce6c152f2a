// A Treiber stack of tagged indices with one order too weak, on either side: the tag keeps an old top
// from being taken for a new one, but it orders nothing.
// EXPECT: races=2
#include <atomic>
#include <cstdint>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;

struct Entry {
  std::atomic<std::uint32_t> next{0};
  int value = 0;
};

template <std::memory_order kPush, std::memory_order kPop>
struct Stack {
  Entry entries[4];
  std::atomic<std::uint64_t> top{0};  // tag : 32, index : 32

  void push(std::uint32_t index, int value) {
    entries[index].value = value;
    std::uint64_t old = top.load(kRelaxed);
    do {
      entries[index].next.store(static_cast<std::uint32_t>(old), kRelaxed);
    } while (!top.compare_exchange_weak(old, ((old >> 32) + 1) << 32 | index, kPush, kRelaxed));
  }
  std::uint32_t pop() {
    std::uint64_t old = top.load(kPop);
    while (!top.compare_exchange_weak(
        old, ((old >> 32) + 1) << 32 | entries[static_cast<std::uint32_t>(old)].next.load(kRelaxed),
        kPop)) {
    }
    return static_cast<std::uint32_t>(old);
  }
};

Stack<std::memory_order_relaxed, std::memory_order_acquire> weak_push;
Stack<std::memory_order_release, std::memory_order_relaxed> weak_pop;

int main() {
  runUnordered([] { weak_push.push(1, 5); },
               [] { USE_VALUE(weak_push.entries[weak_push.pop()].value); });
  runUnordered([] { weak_pop.push(1, 5); },
               [] { USE_VALUE(weak_pop.entries[weak_pop.pop()].value); });
}
