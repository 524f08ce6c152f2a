// unseen.h - locks, waiting and memory that the detector does not see.
//
// What a library locks inside orders nothing for the program that uses it: if the detector saw it,
// two calls that merely meet in the library would look ordered, and races would be hidden. So
// nothing here is instrumented. For the machine and the C++ compiler these are real
// synchronisation, with acquire and release.
//
// Somebody who waits has a Parked on its stack, in a queue that a lock guards. Whoever takes it off
// the queue lets it go; from then on the Parked may be out of scope, and so may be the object that
// was waited for: nobody touches either any more.
//
// Thread safety: as said at each. Not in signal handlers.
// Allocation: none.
#ifndef HINDSIGHT_DETAIL_UNSEEN_H
#define HINDSIGHT_DETAIL_UNSEEN_H

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "hindsight/annotate.h"

namespace hindsight::detail {

// ---- futex and lock ---------------------------------------------------------------------------

/// Sleeps while `*word == value`, at most until `deadline_ns` of CLOCK_MONOTONIC (< 0: for ever).
/// May return early. Keeps errno.
HINDSIGHT_UNINSTRUMENTED inline void futexWait(std::uint32_t* word, std::uint32_t value,
                                               std::int64_t deadline_ns) {
  const int saved_errno = errno;
  timespec deadline{};
  deadline.tv_sec = deadline_ns / 1000000000;
  deadline.tv_nsec = deadline_ns % 1000000000;
  syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value, deadline_ns < 0 ? nullptr : &deadline,
          nullptr, FUTEX_BITSET_MATCH_ANY);
  errno = saved_errno;
}

/// Wakes one sleeper. `word` may have gone out of scope: nothing is read there, and a later
/// sleeper on the same address takes it for a spurious wake-up.
HINDSIGHT_UNINSTRUMENTED inline void futexWake(std::uint32_t* word) {
  const int saved_errno = errno;
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  errno = saved_errno;
}

HINDSIGHT_UNINSTRUMENTED inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// A lock is a word: 0 free, 1 held, 2 held and someone sleeps.
HINDSIGHT_UNINSTRUMENTED inline void lockWord(std::uint32_t* word) {
  constexpr int kSpins = 60;
  for (int spin = 0; spin < kSpins; ++spin, pause()) {
    std::uint32_t free = 0;
    if (__atomic_compare_exchange_n(word, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return;
  }
  while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0) futexWait(word, 2, -1);
}

/// After the exchange the word may be gone, if the next owner destroys what it is part of.
HINDSIGHT_UNINSTRUMENTED inline void unlockWord(std::uint32_t* word) {
  // pairs with: lockWord
  if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2) futexWake(word);
}

// ---- waiting ------------------------------------------------------------------------------------

enum ParkedState : std::uint32_t { kParkedAwake, kParkedAsleep, kParkedFree };

struct Parked {
  std::uint32_t state = kParkedAwake;
  Parked* next = nullptr;
};

/// First come, first served. Guarded by its owner's lock.
struct ParkedQueue {
  Parked* first = nullptr;
  Parked* last = nullptr;
};

HINDSIGHT_UNINSTRUMENTED inline void enqueue(ParkedQueue& queue, Parked& waiter) {
  (queue.last != nullptr ? queue.last->next : queue.first) = &waiter;
  queue.last = &waiter;
}

/// Null: the queue is empty.
HINDSIGHT_UNINSTRUMENTED inline Parked* takeFirst(ParkedQueue& queue) {
  Parked* waiter = queue.first;
  if (waiter == nullptr) return nullptr;
  queue.first = waiter->next;
  if (queue.first == nullptr) queue.last = nullptr;
  waiter->next = nullptr;
  return waiter;
}

/// All of them, linked by `next`.
HINDSIGHT_UNINSTRUMENTED inline Parked* takeAll(ParkedQueue& queue) {
  Parked* waiters = queue.first;
  queue = ParkedQueue{};
  return waiters;
}

/// False: somebody has taken it off already.
HINDSIGHT_UNINSTRUMENTED inline bool remove(ParkedQueue& queue, const Parked& waiter) {
  Parked* before = nullptr;
  for (Parked* each = queue.first; each != nullptr; before = each, each = each->next) {
    if (each != &waiter) continue;
    (before != nullptr ? before->next : queue.first) = each->next;
    if (queue.last == each) queue.last = before;
    return true;
  }
  return false;
}

/// Waits until somebody lets `self` go.
HINDSIGHT_UNINSTRUMENTED inline void park(Parked& self) {
  constexpr int kSpins = 100;
  for (int spin = 0; spin < kSpins; ++spin, pause())
    if (__atomic_load_n(&self.state, __ATOMIC_ACQUIRE) == kParkedFree) return;  // pairs with: letGo
  std::uint32_t state = kParkedAwake;
  __atomic_compare_exchange_n(&self.state, &state, kParkedAsleep, false, __ATOMIC_RELAXED,
                              __ATOMIC_RELAXED);
  while (__atomic_load_n(&self.state, __ATOMIC_ACQUIRE) != kParkedFree)  // pairs with: letGo
    futexWait(&self.state, kParkedAsleep, -1);
}

/// Lets waiters that were taken off their queue go on. Call it without the queue's lock. Each may
/// be out of scope at once. Null is nobody.
HINDSIGHT_UNINSTRUMENTED inline void letGo(Parked* waiters) {
  while (waiters != nullptr) {
    Parked* waiter = waiters;
    waiters = waiter->next;
    // pairs with: park
    if (__atomic_exchange_n(&waiter->state, kParkedFree, __ATOMIC_ACQ_REL) == kParkedAsleep)
      futexWake(&waiter->state);
  }
}

// ---- memory -------------------------------------------------------------------------------------

/// Gives memory of malloc back without any order with the threads that used it: the library's own
/// synchronisation, which made this safe, is invisible to the detector on purpose.
HINDSIGHT_UNINSTRUMENTED inline void freeUnordered(void* block, std::size_t bytes) {
  hindsight_new_memory(block, bytes);
  hindsight_ignore_begin();
  std::free(block);
  hindsight_ignore_end();
}

/// Holds a lock word. Until the end of its scope the calling thread's accesses are not checked, so
/// that instrumented code (a container, a comparison of keys) may work on what the lock guards.
class UnseenScope {
 public:
  HINDSIGHT_UNINSTRUMENTED explicit UnseenScope(std::uint32_t* word) : word_(word) {
    lockWord(word_);
    hindsight_ignore_begin();
  }
  HINDSIGHT_UNINSTRUMENTED ~UnseenScope() {
    hindsight_ignore_end();
    unlockWord(word_);
  }
  UnseenScope(const UnseenScope&) = delete;
  UnseenScope& operator=(const UnseenScope&) = delete;

 private:
  std::uint32_t* word_;
};

/// Whether a detector may look at this program.
HINDSIGHT_UNINSTRUMENTED inline bool isWatched() {
  return HINDSIGHT_INSTRUMENTED != 0 || __hindsight_release_store != nullptr;
}

/// The life of an object, as a byte that each use reads and the end writes: destroying the object
/// while another thread uses it is reported as a race. Costs nothing without a detector.
class Lifetime {
 public:
  Lifetime() = default;
  ~Lifetime() {
#if HINDSIGHT_INSTRUMENTED
    alive_ = 0;
    asm volatile("" : : "m"(alive_));
#endif
  }
  Lifetime(const Lifetime&) = delete;
  Lifetime& operator=(const Lifetime&) = delete;

  void use() const {
#if HINDSIGHT_INSTRUMENTED
    const char alive = alive_;
    asm volatile("" : : "r"(alive));
#endif
  }

 private:
  [[maybe_unused]] char alive_ = 1;
};

}  // namespace hindsight::detail

#endif  // HINDSIGHT_DETAIL_UNSEEN_H
