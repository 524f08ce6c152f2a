// cond.h - Go's sync.Cond for C++17 and later: a condition variable that knows its lock.
//
//   std::mutex mutex;
//   hindsight::cond not_empty(mutex);
//   ...
//   std::unique_lock lock(mutex);
//   not_empty.wait([&] { return !queue.empty(); });
//
// Order. wait() unlocks and locks; those are the edges. signal() and broadcast() give none of their
// own: what a thread writes without the lock before it signals races with what the woken thread
// reads. This is what C++ and POSIX say, and what Go's detector sees. (The documentation of Go's
// sync.Cond also orders a signal before the wait that it ends; do not count on that here.)
//
// A wait does not end without a signal or broadcast that came after it began, but what it waits for
// may be gone again when it has got the lock: ask in a loop, or use the form with a predicate.
// The longest waiting thread is signalled first. A cond may be destroyed when nobody waits.
//
// Thread safety: wait() needs the lock held by the caller; signal() and broadcast() may be called
// with or without it, from any thread. Not for signal handlers. Allocation: none.
#ifndef HINDSIGHT_COND_H
#define HINDSIGHT_COND_H

#include "hindsight/detail/unseen.h"

namespace hindsight {

namespace detail {

struct CondCore {
  std::uint32_t lock = 0;
  ParkedQueue waiters;
};

HINDSIGHT_UNINSTRUMENTED inline void enqueue(CondCore& core, Parked& self) {
  lockWord(&core.lock);
  enqueue(core.waiters, self);
  unlockWord(&core.lock);
}

/// Ends a wait that has not begun to block.
HINDSIGHT_UNINSTRUMENTED inline void withdraw(CondCore& core, Parked& self) {
  lockWord(&core.lock);
  const bool removed = remove(core.waiters, self);
  unlockWord(&core.lock);
  if (!removed) park(self);  // signalled: somebody is about to let it go
}

HINDSIGHT_UNINSTRUMENTED inline void wakeFirst(CondCore& core) {
  lockWord(&core.lock);
  Parked* waiter = takeFirst(core.waiters);
  unlockWord(&core.lock);
  letGo(waiter);
}

HINDSIGHT_UNINSTRUMENTED inline void wakeAll(CondCore& core) {
  lockWord(&core.lock);
  Parked* waiters = takeAll(core.waiters);
  unlockWord(&core.lock);
  letGo(waiters);
}

}  // namespace detail

/// `Lock` has lock() and unlock(): a std::mutex, an rw_mutex, the r_locker() of one.
template <class Lock>
class cond {
 public:
  explicit cond(Lock& lock) : lock_(lock) {}
  cond(const cond&) = delete;
  cond& operator=(const cond&) = delete;

  /// Unlocks, waits for a signal, locks. If unlocking throws, nothing has happened.
  void wait() {
    detail::Parked self;
    detail::enqueue(core_, self);
    try {
      lock_.unlock();
    } catch (...) {
      detail::withdraw(core_, self);
      throw;
    }
    detail::park(self);
    lock_.lock();
  }
  /// Waits until `condition()`, which is asked with the lock held.
  template <class Condition>
  void wait(Condition condition) {
    while (!condition()) wait();
  }

  /// Wakes one waiting thread, if there is one.
  void signal() { detail::wakeFirst(core_); }
  /// Wakes all.
  void broadcast() { detail::wakeAll(core_); }

  /// Go's L.
  Lock& locker() const { return lock_; }

 private:
  detail::CondCore core_;
  Lock& lock_;
};

}  // namespace hindsight

#endif  // HINDSIGHT_COND_H
