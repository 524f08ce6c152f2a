// Every way in which a fence can stand in for the order of a store or a load.
// TSan: false reports: it does not follow fences.
#include <atomic>

#include "threads.h"

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kAcqRel = std::memory_order_acq_rel;
constexpr auto kSeqCst = std::memory_order_seq_cst;

template <int kScenario>
struct Shared {
  static inline std::atomic<int> flag, other_flag;
  static inline int data, other_data;

  static void await(std::memory_order order) {
    while (flag.load(order) == 0) sched_yield();
  }
};

using std::atomic_thread_fence;

// clang-format off
#define ORDERED(scenario, write, read)  \
  void ordered##scenario() {            \
    using S = Shared<scenario>;         \
    runThreads([] write, [] read);      \
  }

ORDERED(1, { S::data = 1; atomic_thread_fence(kRelease); S::flag.store(1, kRelaxed); },
           { S::await(kRelaxed); atomic_thread_fence(kAcquire); S::data++; })
ORDERED(2, { S::data = 1; atomic_thread_fence(kRelease); S::flag.store(1, kRelaxed); },
           { S::await(kAcquire); S::data++; })
ORDERED(3, { S::data = 1; S::flag.store(1, kRelease); },
           { S::await(kRelaxed); atomic_thread_fence(kAcquire); S::data++; })
ORDERED(4, { S::data = 1; atomic_thread_fence(kAcqRel); S::flag.store(1, kRelaxed); },
           { S::await(kRelaxed); atomic_thread_fence(kAcqRel); S::data++; })
ORDERED(5, { S::data = 1; atomic_thread_fence(kSeqCst); S::flag.store(1, kRelaxed); },
           { S::await(kRelaxed); atomic_thread_fence(kSeqCst); S::data++; })
// One fence serves several stores after it, and several loads before it.
ORDERED(6, { S::data = 1; S::other_data = 1; atomic_thread_fence(kRelease);
             S::other_flag.store(1, kRelaxed); S::flag.store(1, kRelaxed); },
           { S::await(kRelaxed);
             while (S::other_flag.load(kRelaxed) == 0) sched_yield();
             atomic_thread_fence(kAcquire); S::data++; S::other_data++; })
// With read-modify-write operations in place of the store and of the load.
ORDERED(7, { S::data = 1; atomic_thread_fence(kRelease); S::flag.fetch_add(1, kRelaxed); },
           { while (S::flag.fetch_or(0, kRelaxed) == 0) sched_yield();
             atomic_thread_fence(kAcquire); S::data++; })
// A failed compare-exchange is the load.
ORDERED(8, { S::data = 1; atomic_thread_fence(kRelease); S::flag.store(1, kRelaxed); },
           { int expected = 0;
             while (S::flag.compare_exchange_strong(expected, 0, kRelaxed, kRelaxed)) sched_yield();
             atomic_thread_fence(kAcquire); S::data++; })
// The C and builtin spellings.
ORDERED(9, { S::data = 1; __atomic_thread_fence(__ATOMIC_RELEASE); S::flag.store(1, kRelaxed); },
           { S::await(kRelaxed); __sync_synchronize(); S::data++; })

// clang-format on
int main() {
  ordered1();
  ordered2();
  ordered3();
  ordered4();
  ordered5();
  ordered6();
  ordered7();
  ordered8();
  ordered9();
}
