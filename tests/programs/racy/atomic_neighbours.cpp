// Two atomics in one word are two objects: a release through one is not acquired through the other.
// EXPECT: races=2
#include <atomic>

#include "threads.h"

template <class T>
struct Shared {
  alignas(8) static inline std::atomic<T> flags[2];
  static inline int data;
};

template <class T>
void race() {
  using S = Shared<T>;
  runUnordered(
      [] {
        S::data = 1;
        S::flags[0].store(1, std::memory_order_release);
      },
      [] {
        USE_VALUE(S::flags[1].load(std::memory_order_acquire));
        USE_VALUE(S::data);
      });
}

int main() {
  race<unsigned char>();
  race<unsigned short>();
}
