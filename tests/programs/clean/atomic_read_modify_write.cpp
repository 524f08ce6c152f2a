// Every read-modify-write operation, of every width and type, hands data over with acquire and
// release; and counts right while doing so.
#include <atomic>

#include "threads.h"

template <class T>
struct Shared {
  static inline std::atomic<T> flag;
  static inline long data;
};

// Three threads take turns: thread i waits for value i (mod 3).
template <class T, class Advance>
void takeTurns(Advance advance) {
  runThreadsIndexed(3, [=](int i) {
    for (int n = i; n < 60; n += 3) {
      while (Shared<T>::flag.load(std::memory_order_acquire) != static_cast<T>(n)) sched_yield();
      Shared<T>::data++;
      advance(Shared<T>::flag);
    }
  });
  if (Shared<T>::data != 60) abort();
}

int main() {
  constexpr auto kRelease = std::memory_order_release;
  constexpr auto kAcqRel = std::memory_order_acq_rel;
  takeTurns<unsigned char>([](auto& flag) { flag.fetch_add(1, kRelease); });
  takeTurns<short>([](auto& flag) { flag.fetch_sub(-1, kAcqRel); });
  takeTurns<int>([](auto& flag) { flag++; });
  takeTurns<long>([](auto& flag) { flag.exchange(flag.load() + 1, kRelease); });
  takeTurns<unsigned>([](auto& flag) {
    unsigned now = flag.load(std::memory_order_relaxed);
    flag.fetch_xor(now ^ (now + 1), kRelease);
  });
  takeTurns<unsigned long>([](auto& flag) {
    unsigned long now = flag.load(std::memory_order_relaxed);
    flag.fetch_and(0, kAcqRel);  // nobody waits for 0 any more
    flag.fetch_or(now + 1, kRelease);
  });
  takeTurns<float>([](auto& flag) { flag.fetch_add(1, kRelease); });
  takeTurns<double>([](auto& flag) { flag.fetch_sub(-1); });
}
