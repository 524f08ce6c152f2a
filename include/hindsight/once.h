// once.h - Go's sync.Once, OnceFunc and OnceValue for C++17 and later.
//
//   hindsight::once loaded;
//   loaded.call([&] { table = loadTable(); });                        // in any number of threads
//   auto config = hindsight::once_value([] { return parse("app.conf"); });
//   use(config());
//
// Order. The end of the function that was run happens before the return of every call. Calls that
// find it done are not ordered among themselves.
//
// Exceptions. A function that throws counts as done, as one that panics does in Go: its caller gets
// the exception, later calls return without it. (std::call_once would run the next function.)
// once_func and once_value give the same exception to every caller.
// A function that calls its own `once` waits for itself for ever, as in Go.
//
// Thread safety: every member function, from any thread. Not for signal handlers.
// Allocation: none by once; the functions that once_func and once_value return share a block.
#ifndef HINDSIGHT_ONCE_H
#define HINDSIGHT_ONCE_H

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "hindsight/detail/unseen.h"

namespace hindsight {

namespace detail {

enum OnceState : std::uint32_t { kOnceNew, kOnceRunning, kOnceDone };

struct OnceCore {
  std::uint32_t lock = 0;
  std::uint32_t state = kOnceNew;  // also the address of the edge
  ParkedQueue waiters;
};

/// True: the caller is the one to run the function, and must call finish(). False: it is done.
HINDSIGHT_UNINSTRUMENTED inline bool begin(OnceCore& core) {
  // pairs with: finish
  if (__atomic_load_n(&core.state, __ATOMIC_ACQUIRE) != kOnceDone) {
    Parked self;
    lockWord(&core.lock);
    const std::uint32_t state = core.state;
    if (state == kOnceNew) core.state = kOnceRunning;
    if (state == kOnceRunning) enqueue(core.waiters, self);
    unlockWord(&core.lock);
    if (state == kOnceNew) return true;
    if (state == kOnceRunning) park(self);
  }
  hindsight_acquire(&core.state);
  return false;
}

HINDSIGHT_UNINSTRUMENTED inline void finish(OnceCore& core) {
  hindsight_release_store(&core.state);
  lockWord(&core.lock);
  Parked* waiters = takeAll(core.waiters);
  __atomic_store_n(&core.state, kOnceDone, __ATOMIC_RELEASE);  // pairs with: begin
  unlockWord(&core.lock);
  letGo(waiters);
}

}  // namespace detail

class once {
 public:
  once() = default;
  ~once() { hindsight_forget(&core_.state); }
  once(const once&) = delete;
  once& operator=(const once&) = delete;

  /// Runs `body` if this is the first call of all; returns when the first call's body has ended.
  template <class Body>
  void call(Body&& body) {
    life_.use();
    if (!detail::begin(core_)) return;
    const Finisher finisher{core_};
    std::forward<Body>(body)();
  }

 private:
  struct Finisher {
    detail::OnceCore& core;
    ~Finisher() { detail::finish(core); }
  };

  detail::OnceCore core_;
  detail::Lifetime life_;
};

/// A function that may be called any number of times, in any thread, and runs `body` once. Its
/// copies count as one.
template <class Body>
auto once_func(Body body) {
  struct Shared {
    explicit Shared(Body&& b) : body(std::move(b)) {}
    once first;
    std::optional<Body> body;  // gone after it has run
    std::exception_ptr error;
  };
  return [shared = std::make_shared<Shared>(std::move(body))] {
    shared->first.call([&] {
      try {
        (*shared->body)();
      } catch (...) {
        shared->error = std::current_exception();
      }
      shared->body.reset();
    });
    if (shared->error) std::rethrow_exception(shared->error);
  };
}

/// As once_func, and returns what `body` returned, the same object each time.
template <class Body>
auto once_value(Body body) {
  using Value = decltype(body());
  struct Shared {
    explicit Shared(Body&& b) : body(std::move(b)) {}
    once first;
    std::optional<Body> body;
    std::optional<Value> value;
    std::exception_ptr error;
  };
  return [shared = std::make_shared<Shared>(std::move(body))]() -> const Value& {
    shared->first.call([&] {
      try {
        shared->value.emplace((*shared->body)());
      } catch (...) {
        shared->error = std::current_exception();
      }
      shared->body.reset();
    });
    if (shared->error) std::rethrow_exception(shared->error);
    return *shared->value;
  };
}

}  // namespace hindsight

#endif  // HINDSIGHT_ONCE_H
