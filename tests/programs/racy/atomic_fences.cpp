// Fences in the wrong place, of the wrong kind, or on one side only. In each scenario the reader
// has seen the flag before it reads the data.
// EXPECT: races=11
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kSeqCst = std::memory_order_seq_cst;

template <int kScenario>
struct Shared {
  static inline std::atomic<bool> flag;
  static inline int data;

  static void await(std::memory_order order) {
    while (!flag.load(order)) sched_yield();
  }
};

using std::atomic_signal_fence;
using std::atomic_thread_fence;

// clang-format off
#define RACE(scenario, write, read)        \
  __attribute__((noinline)) void race##scenario() { \
    using S = Shared<scenario>;            \
    runThreads([] write, [] read);         \
  }

// No fence at all on one side.
RACE(1, { S::data = 1; S::flag.store(true, kRelaxed); },
        { S::await(kRelaxed); atomic_thread_fence(kAcquire); USE_VALUE(S::data); })
RACE(2, { S::data = 1; atomic_thread_fence(kRelease); S::flag.store(true, kRelaxed); },
        { S::await(kRelaxed); USE_VALUE(S::data); })
// The release fence comes after the store.
RACE(3, { S::data = 1; S::flag.store(true, kRelaxed); atomic_thread_fence(kRelease);
          stepAdvance(); },
        { stepWait(1); S::await(kAcquire); USE_VALUE(S::data); })
// The release fence comes before the data.
RACE(4, { atomic_thread_fence(kRelease); S::data = 1; S::flag.store(true, kRelaxed); },
        { S::await(kAcquire); USE_VALUE(S::data); })
// The acquire fence comes before the load.
RACE(5, { S::data = 1; S::flag.store(true, kRelease); },
        { atomic_thread_fence(kAcquire); S::await(kRelaxed); USE_VALUE(S::data); })
// The acquire fence comes after the data is read.
RACE(6, { S::data = 1; S::flag.store(true, kRelease); },
        { S::await(kRelaxed); USE_VALUE(S::data); atomic_thread_fence(kAcquire); })
// The kinds are mixed up.
RACE(7, { S::data = 1; atomic_thread_fence(kAcquire); S::flag.store(true, kRelaxed); },
        { S::await(kAcquire); USE_VALUE(S::data); })
RACE(8, { S::data = 1; S::flag.store(true, kRelease); },
        { S::await(kRelaxed); atomic_thread_fence(kRelease); USE_VALUE(S::data); })
// A signal fence orders nothing between threads.
RACE(9, { S::data = 1; atomic_signal_fence(kSeqCst); S::flag.store(true, kRelaxed); },
        { S::await(kRelaxed); atomic_signal_fence(kSeqCst); USE_VALUE(S::data); })
// Two full fences alone order nothing: there is no atomic that one stores and the other loads.
RACE(10, { S::data = 1; atomic_thread_fence(kSeqCst); stepAdvance(); },
         { stepWait(2); atomic_thread_fence(kSeqCst); USE_VALUE(S::data); })
// Relaxed fences do nothing.
RACE(11, { S::data = 1; atomic_thread_fence(kRelaxed); S::flag.store(true, kRelaxed); },
         { S::await(kRelaxed); atomic_thread_fence(kRelaxed); USE_VALUE(S::data); })

// clang-format on
int main() {
  race1();
  race2();
  race3();
  race4();
  race5();
  race6();
  race7();
  race8();
  race9();
  race10();
  race11();
}
