// rw_mutex.h - Go's sync.RWMutex for C++17 and later.
//
//   hindsight::rw_mutex mutex;
//   { std::shared_lock reading(mutex); ... }
//   { std::unique_lock writing(mutex); ... }
//
// The member functions have the names of std::shared_mutex, so that the standard's guards fit:
// Go's Lock, Unlock, TryLock are lock, unlock, try_lock; RLock and kin are lock_shared and kin.
//
// Order. Built with Hindsight, the detector sees exactly these edges (and not the internal lock):
//   1. the n-th unlock() happens before the return of every later lock() and lock_shared();
//   2. unlock_shared() happens before the return of the next lock(): two readers are not ordered;
//   3. a try that succeeds is as the call without try, one that fails orders nothing.
//
// Preference, as in Go: once a writer waits, new readers wait behind it; when it unlocks, all the
// readers that wait then go before the next writer. So a thread that reads must not ask to read
// again: a writer between the two calls makes it wait for itself.
//
// As in Go a lock belongs to no thread: another one may unlock it. (Reports therefore do not show
// it among the locks held, nor is its place in the order of locks checked.)
// Unlocking what is not locked throws misuse and changes nothing; in Go it ends the program.
// A mutex may be destroyed by whoever got it last and unlocked it.
//
// Thread safety: every member function, from any thread. Not for signal handlers. Allocation: none.
#ifndef HINDSIGHT_RW_MUTEX_H
#define HINDSIGHT_RW_MUTEX_H

#include <cstddef>

#include "hindsight/detail/unseen.h"
#include "hindsight/misuse.h"

namespace hindsight {

namespace detail {

/// Invariant, under the lock: nobody waits for what is free. That is, a queued reader implies a
/// writer that has the mutex or waits for it, a queued writer a reader or a writer that has it.
struct RwMutexCore {
  std::uint32_t lock = 0;
  bool writing = false;
  std::size_t readers = 0;  // that have it
  ParkedQueue waiting_readers;
  ParkedQueue waiting_writers;
  char written = 0;  // the address of edge 1
  char read = 0;     // the address of edge 2
};

HINDSIGHT_UNINSTRUMENTED inline bool lockShared(RwMutexCore& core, bool wait) {
  Parked self;
  lockWord(&core.lock);
  const bool free = !core.writing && core.waiting_writers.first == nullptr;
  if (free)
    ++core.readers;
  else if (wait)
    enqueue(core.waiting_readers, self);
  unlockWord(&core.lock);
  if (!free && !wait) return false;
  if (!free) park(self);
  hindsight_acquire(&core.written);  // no writer can unlock until this reader has
  return true;
}

HINDSIGHT_UNINSTRUMENTED inline bool lockExclusive(RwMutexCore& core, bool wait) {
  Parked self;
  lockWord(&core.lock);
  const bool free = !core.writing && core.readers == 0;
  if (free)
    core.writing = true;
  else if (wait)
    enqueue(core.waiting_writers, self);
  unlockWord(&core.lock);
  if (!free && !wait) return false;
  if (!free) park(self);
  hindsight_acquire(&core.written);
  hindsight_acquire(&core.read);
  return true;
}

/// False: nobody reads.
HINDSIGHT_UNINSTRUMENTED inline bool unlockShared(RwMutexCore& core) {
  lockWord(&core.lock);
  if (core.readers == 0) {
    unlockWord(&core.lock);
    return false;
  }
  hindsight_release(&core.read);
  Parked* writer = nullptr;
  if (--core.readers == 0) writer = takeFirst(core.waiting_writers);
  if (writer != nullptr) core.writing = true;
  unlockWord(&core.lock);
  letGo(writer);
  return true;
}

/// False: nobody writes.
HINDSIGHT_UNINSTRUMENTED inline bool unlockExclusive(RwMutexCore& core) {
  lockWord(&core.lock);
  if (!core.writing) {
    unlockWord(&core.lock);
    return false;
  }
  hindsight_release(&core.written);  // not a store: the owner may be another thread
  Parked* next = takeAll(core.waiting_readers);
  for (const Parked* reader = next; reader != nullptr; reader = reader->next) ++core.readers;
  if (next == nullptr) next = takeFirst(core.waiting_writers);
  core.writing = next != nullptr && core.readers == 0;
  unlockWord(&core.lock);
  letGo(next);
  return true;
}

}  // namespace detail

class rw_mutex {
 public:
  rw_mutex() = default;
  ~rw_mutex() {
    hindsight_forget(&core_.written);
    hindsight_forget(&core_.read);
  }
  rw_mutex(const rw_mutex&) = delete;
  rw_mutex& operator=(const rw_mutex&) = delete;

  void lock() {
    life_.use();
    detail::lockExclusive(core_, true);
  }
  bool try_lock() {
    life_.use();
    return detail::lockExclusive(core_, false);
  }
  void unlock() {
    life_.use();
    if (!detail::unlockExclusive(core_)) throw misuse("unlock of unlocked rw_mutex");
  }

  void lock_shared() {
    life_.use();
    detail::lockShared(core_, true);
  }
  /// Fails also if a writer waits.
  bool try_lock_shared() {
    life_.use();
    return detail::lockShared(core_, false);
  }
  void unlock_shared() {
    life_.use();
    if (!detail::unlockShared(core_)) throw misuse("unlock_shared of unlocked rw_mutex");
  }

  /// The readers' side as a lock of its own, for a cond or a std::lock_guard; Go's RLocker.
  class reader_lock {
   public:
    explicit reader_lock(rw_mutex& mutex) : mutex_(&mutex) {}
    void lock() { mutex_->lock_shared(); }
    bool try_lock() { return mutex_->try_lock_shared(); }
    void unlock() { mutex_->unlock_shared(); }

   private:
    rw_mutex* mutex_;
  };
  reader_lock r_locker() { return reader_lock(*this); }

 private:
  detail::RwMutexCore core_;
  detail::Lifetime life_;
};

}  // namespace hindsight

#endif  // HINDSIGHT_RW_MUTEX_H
