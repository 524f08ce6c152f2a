// single_flight.h - Go's golang.org/x/sync/singleflight for C++17 and later: callers that want the
// same thing at the same time share one computation of it.
//
//   hindsight::single_flight<std::string, Page> fetches;
//   auto [page, shared] = fetches.call(url, [&] { return fetch(url); });
//
// Order. The end of the computation happens before the return of every call that gets its result.
// There are no other edges: neither callers that share, nor computations of one key, one after the
// other, are ordered among themselves.
//
// A call joins the computation of its key that is going on; if there is none it computes. Once the
// result is there, or after forget(key), the next call computes again: this is no cache.
// An exception out of the computation goes to every call that shares it.
// A computation that calls the same key waits for itself for ever, as in Go.
// Go's DoChan: call it in a thread of your own and send the result.
//
// Hash and comparison of keys run under a lock and must not use the object.
// Key and T need to be copyable. Thread safety: every member function, from any thread. Not for
// signal handlers. Allocation: a block for each computation, and the nodes of std::unordered_map.
#ifndef HINDSIGHT_SINGLE_FLIGHT_H
#define HINDSIGHT_SINGLE_FLIGHT_H

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "hindsight/detail/unseen.h"

namespace hindsight {

template <class Key, class T, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>>
class single_flight {
 public:
  struct result {
    T value;
    bool shared;  // whether other calls got it, too
  };

  single_flight() = default;
  single_flight(const single_flight&) = delete;
  single_flight& operator=(const single_flight&) = delete;

  /// The result of `compute()`, run by this call or by another one for the same key.
  template <class Compute>
  result call(Key key, Compute&& compute) {
    life_.use();
    detail::Parked self;
    const auto [flight, first] = join(key, self);
    const Seat seat{flight};
    if (first) {
      try {
        flight->value.emplace(std::forward<Compute>(compute)());
      } catch (...) {
        flight->error = std::current_exception();
      }
      land(key, *flight);
    } else {
      detail::park(self);
      hindsight_acquire(flight);
    }
    if (flight->error) std::rethrow_exception(flight->error);
    if (flight->shared) return {*flight->value, true};
    return {std::move(*flight->value), false};
  }

  /// The next call for `key` computes, even if a computation is going on.
  void forget(Key key) {
    life_.use();
    const detail::UnseenScope scope(&lock_);
    flights_.erase(key);
  }

 private:
  /// One computation. Its address carries the edge.
  struct Flight {
    std::uint32_t seats = 1;
    bool shared = false;          // no more changes once it has landed
    detail::ParkedQueue waiters;  // as in unseen.h
    std::optional<T> value;
    std::exception_ptr error;
  };

  /// What keeps the flight in memory. The last to leave has no order with the others: see
  /// freeUnordered().
  struct Seat {
    Flight* flight;
    ~Seat() {
      if (!isLast(*flight)) return;
      hindsight_ignore_begin();
      flight->value.reset();
      flight->error = nullptr;
      hindsight_new_memory(flight, sizeof *flight);
      delete flight;
      hindsight_ignore_end();
    }
  };
  HINDSIGHT_UNINSTRUMENTED static bool isLast(Flight& flight) {
    return __atomic_sub_fetch(&flight.seats, 1, __ATOMIC_ACQ_REL) == 0;
  }

  /// A flight for the key, and whether it is the caller who computes. If not, `self` waits for it.
  std::pair<Flight*, bool> join(const Key& key, detail::Parked& self) {
    auto mine = std::make_unique<Flight>();
    const detail::UnseenScope scope(&lock_);
    const auto [at, first] = flights_.try_emplace(key, mine.get());
    Flight* flight = at->second;
    if (first) {
      mine.release();
    } else {
      flight->shared = true;
      __atomic_fetch_add(&flight->seats, 1, __ATOMIC_RELAXED);
      detail::enqueue(flight->waiters, self);
    }
    return {flight, first};
  }

  /// The computation is over: publishes it and lets those who wait go.
  void land(const Key& key, Flight& flight) {
    detail::Parked* waiters = nullptr;
    {
      const detail::UnseenScope scope(&lock_);
      hindsight_release_store(&flight);
      waiters = detail::takeAll(flight.waiters);
      const auto found = flights_.find(key);
      if (found != flights_.end() && found->second == &flight) flights_.erase(found);
    }
    detail::letGo(waiters);
  }

  std::uint32_t lock_ = 0;
  std::unordered_map<Key, Flight*, Hash, Equal> flights_;  // always in an UnseenScope
  detail::Lifetime life_;
};

}  // namespace hindsight

#endif  // HINDSIGHT_SINGLE_FLIGHT_H
