// wait_group.h - Go's sync.WaitGroup for C++17 and later: waits until a count comes down to zero.
//
//   hindsight::wait_group group;
//   for (Part& part : parts) group.go([&part] { part.compute(); });
//   group.wait();
//
// Order. Built with Hindsight, the detector sees exactly these edges (and not the internal lock):
//   1. done(), or any add() of less than nothing, happens before the return of every wait() that it
//      helps to let through, and of later ones; two calls of done() are not ordered;
//   2. an add() that starts from zero and a wait() without order between them are reported as a
//      race, whoever came first: the wait may as well have missed what the add announced. (Go's
//      detector reports it only if the wait had to wait.)
// A group may be used again once all earlier waits have returned: the next add() has to be ordered
// after them, or rule 2 applies.
//
// Misuse. Counting below zero throws misuse and changes nothing; in Go it panics. What Go calls
// "WaitGroup is reused before previous Wait has returned" is no error here but the race of rule 2:
// the earlier waits return all the same.
// A group may be destroyed, or its stack frame left, as soon as the last wait() has returned.
//
// Thread safety: every member function, from any thread. Not for signal handlers.
// Allocation: none, but for the threads of go().
#ifndef HINDSIGHT_WAIT_GROUP_H
#define HINDSIGHT_WAIT_GROUP_H

#include <cstdint>
#include <thread>
#include <utility>

#include "hindsight/detail/unseen.h"
#include "hindsight/misuse.h"

namespace hindsight {

namespace detail {

struct WaitGroupCore {
  std::uint32_t lock = 0;
  std::int64_t count = 0;
  ParkedQueue waiters;  // empty if the count is zero
  char done = 0;        // the address of edge 1
};

enum class Added : std::uint8_t { Misuse, FromZero, Ordinary };

HINDSIGHT_UNINSTRUMENTED inline Added add(WaitGroupCore& core, std::int64_t delta) {
  lockWord(&core.lock);
  std::int64_t count = 0;
  if (__builtin_add_overflow(core.count, delta, &count) || count < 0) {
    unlockWord(&core.lock);
    return Added::Misuse;
  }
  if (delta < 0) hindsight_release(&core.done);
  const bool from_zero = core.count == 0 && count != 0;
  core.count = count;
  Parked* waiters = count == 0 ? takeAll(core.waiters) : nullptr;
  unlockWord(&core.lock);
  letGo(waiters);
  return from_zero ? Added::FromZero : Added::Ordinary;
}

HINDSIGHT_UNINSTRUMENTED inline void awaitZero(WaitGroupCore& core) {
  Parked self;
  lockWord(&core.lock);
  const bool wait = core.count != 0;
  if (wait)
    enqueue(core.waiters, self);
  else
    hindsight_acquire(&core.done);
  unlockWord(&core.lock);
  if (!wait) return;
  park(self);
  hindsight_acquire(&core.done);
}

}  // namespace detail

class wait_group {
 public:
  wait_group() = default;
  /// Reports call it `name`.
  explicit wait_group(const char* name) : named_(true) { hindsight_name(this, sizeof *this, name); }
  ~wait_group() {
    if (named_) hindsight_name(this, sizeof *this, "");
    hindsight_forget(&core_.done);
  }
  wait_group(const wait_group&) = delete;
  wait_group& operator=(const wait_group&) = delete;

  /// `delta` more to wait for, or less. Throws misuse if the count would be less than zero.
  void add(std::int64_t delta) {
    life_.use();
    switch (detail::add(core_, delta)) {
      case detail::Added::Misuse: throw misuse("negative wait group counter");
      case detail::Added::FromZero: begins(); break;
      case detail::Added::Ordinary: break;
    }
  }
  /// One less to wait for.
  void done() { add(-1); }

  /// Returns once the count is zero.
  void wait() {
    life_.use();
    awaits();
    detail::awaitZero(core_);
  }

  /// Runs `body` in a thread of its own, which is counted until it has returned and what `body`
  /// had captured is destroyed. An exception out of `body` ends the program.
  /// Throws std::system_error if there can be no thread.
  template <class Body>
  void go(Body body) {
    add(1);
    try {
      std::thread([this, body = std::move(body)]() mutable noexcept {
        {
          Body mine(std::move(body));
          mine();
        }
        done();
      }).detach();
    } catch (...) {
      done();
      throw;
    }
  }

 private:
  // Rule 2. Adds conflict with waits, but neither among themselves: as relaxed atomic stores do
  // with plain loads.
  void begins() {
#if HINDSIGHT_INSTRUMENTED
    __atomic_store_n(&begin_, 0, __ATOMIC_RELAXED);
#endif
  }
  void awaits() {
#if HINDSIGHT_INSTRUMENTED
    const char begin = begin_;
    asm volatile("" : : "r"(begin));
#endif
  }

  detail::WaitGroupCore core_;
  [[maybe_unused]] char begin_ = 0;
  bool named_ = false;
  detail::Lifetime life_;
};

}  // namespace hindsight

#endif  // HINDSIGHT_WAIT_GROUP_H
