// error_group.h - Go's golang.org/x/sync/errgroup for C++17 and later: functions in threads of
// their own, the first error among them, and a token that tells the others to stop.
//
//   hindsight::error_group group;
//   for (const Url& url : urls)
//     group.go([&, stop = group.token()] { if (!stop.cancelled()) fetch(url); });
//   group.wait();                                          // throws what the first to fail threw
//
// An error is an exception, or a std::error_code other than zero that the function returns: wait()
// throws it as std::system_error.
//
// Order. Built with Hindsight, the detector sees exactly the edges of what it is made of, as Go
// does:
//   1. go() happens before the start of its function;
//   2. the end of each function happens before the return of wait();
//   3. with a limit of n: the end of the k-th function happens before go() of the (k+n)-th returns;
//   4. the first error happens before cancelled() that returns true, and before a receive from
//      done() that finds it closed; among functions that fail, the first before the end of others.
//
// As in Go, an error does not keep later functions from being started; the token is cancelled by
// the first error or when wait() is over; a limit must not be changed while functions run (misuse).
// The destructor waits, too, and drops the error.
//
// Thread safety: go() and try_go() from any thread, from the group's functions too, but not
// unordered with wait() when nothing runs (see wait_group.h). Not for signal handlers.
// Allocation: a channel for the token, one for the limit, threads.
#ifndef HINDSIGHT_ERROR_GROUP_H
#define HINDSIGHT_ERROR_GROUP_H

#include <cstddef>
#include <exception>
#include <system_error>
#include <type_traits>
#include <utility>

#include "hindsight/chan.h"
#include "hindsight/misuse.h"
#include "hindsight/once.h"
#include "hindsight/wait_group.h"

namespace hindsight {

/// Says whether to stop. A handle: copies are about the same thing, and outlive who cancels.
class cancel_token {
 public:
  struct nothing {};

  bool cancelled() const {
    nothing none;
    return done_.try_receive(none) == chan_status::closed;
  }
  /// Closed when it is time to stop; for select(). Nothing is ever sent.
  const chan<nothing>& done() const { return done_; }

 private:
  friend class error_group;
  chan<nothing> done_{0};
};

class error_group {
 public:
  error_group() = default;
  ~error_group() {
    running_.wait();
    cancel();
  }
  error_group(const error_group&) = delete;
  error_group& operator=(const error_group&) = delete;

  /// At most `limit` functions run at a time; go() waits for its turn. With a limit of 0, for ever.
  void set_limit(std::size_t limit) {
    if (limited_ && turns_.size() != 0) throw misuse("limit changed while functions run");
    turns_ = chan<cancel_token::nothing>(limit);
    limited_ = true;
  }
  void set_no_limit() {
    if (limited_ && turns_.size() != 0) throw misuse("limit changed while functions run");
    limited_ = false;
  }

  /// Runs `body` in a thread of its own. Throws std::system_error if there can be none.
  template <class Body>
  void go(Body body) {
    if (limited_) turns_.send({});
    start(std::move(body));
  }
  /// False if the limit is reached: then nothing has happened.
  template <class Body>
  bool try_go(Body body) {
    if (limited_ && !turns_.try_send(cancel_token::nothing{})) return false;
    start(std::move(body));
    return true;
  }

  /// Returns when all functions have; throws the first error, each time it is called.
  void wait() {
    running_.wait();
    cancel();
    if (error_) std::rethrow_exception(error_);
  }

  cancel_token token() const { return token_; }

 private:
  template <class Body>
  void start(Body body) {
    try {
      running_.go([this, limited = limited_, body = std::move(body)]() mutable {
        run(std::move(body));
        if (limited) endTurn();
      });
    } catch (...) {
      if (limited_) endTurn();
      throw;
    }
  }

  /// By value: what the function captured is destroyed when it has run.
  template <class Body>
  void run(Body body) {
    try {
      if constexpr (std::is_same_v<decltype(body()), std::error_code>) {
        if (const std::error_code error = body()) throw std::system_error(error);
      } else {
        body();
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }

  /// There is one to take: whoever calls this has sent it.
  void endTurn() {
    cancel_token::nothing turn;
    turns_.receive(turn);
  }

  void fail(std::exception_ptr error) {
    failed_.call([&] {
      error_ = std::move(error);
      cancel();
    });
  }
  void cancel() {
    cancelled_.call([this] { token_.done_.close(); });
  }

  bool limited_ = false;
  chan<cancel_token::nothing> turns_;
  cancel_token token_;
  once cancelled_;
  once failed_;
  std::exception_ptr error_;
  wait_group running_;
};

}  // namespace hindsight

#endif  // HINDSIGHT_ERROR_GROUP_H
