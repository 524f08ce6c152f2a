// spin_lock.h - the runtime's only mutual exclusion: a byte, taken with one exchange.
//
// Yields to the scheduler when the holder was preempted. Never intercepted, never allocates.
// Holders must be inside the runtime (RuntimeScope), so no signal handler of the program runs
// while a lock is held, and fork waits until none is.
#pragma once

#include "base/types.h"

namespace hindsight {

/// One pause while waiting for another thread; gives up the processor from the 64th round on.
void spinWait(u32 round);

class SpinLock {
 public:
  void lock() {
    for (u32 round = 0; __atomic_exchange_n(&held_, 1, __ATOMIC_ACQUIRE) != 0;)
      while (__atomic_load_n(&held_, __ATOMIC_RELAXED) != 0) spinWait(round++);
  }
  bool tryLock() { return __atomic_exchange_n(&held_, 1, __ATOMIC_ACQUIRE) == 0; }
  void unlock() { __atomic_store_n(&held_, 0, __ATOMIC_RELEASE); }  // pairs with: lock

 private:
  u8 held_ = 0;
};

class SpinLockGuard {
 public:
  explicit SpinLockGuard(SpinLock& lock) : lock_(lock) { lock_.lock(); }
  ~SpinLockGuard() { lock_.unlock(); }
  SpinLockGuard(const SpinLockGuard&) = delete;
  SpinLockGuard& operator=(const SpinLockGuard&) = delete;

 private:
  SpinLock& lock_;
};

}  // namespace hindsight
