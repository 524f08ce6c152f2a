// select.h - Go's select statement over hindsight::chan. Included by chan.h.
//
//   hindsight::select(
//       hindsight::on_receive(jobs, [&](std::optional<Job> job) { ... }),   // empty: closed
//       hindsight::on_send(results, std::move(result), [&] { ... }),
//       hindsight::on_timeout(50ms, [&] { ... }),                           // or on_default(...)
//   );
//
// Exactly one case happens and its handler, if it has one, runs; the result is that case's index.
// Among several ready cases one is picked at random. Without on_default and on_timeout it waits.
// A value to send that was given as an rvalue is moved from only if that case happens; one given
// as an lvalue is copied; two cases must not share one rvalue. Cases refer to their arguments:
// write them inside the call of select.
#ifndef HINDSIGHT_SELECT_H
#define HINDSIGHT_SELECT_H

#include <array>
#include <chrono>
#include <tuple>

#include "hindsight/chan.h"

namespace hindsight {

namespace detail {

struct NoHandler {
  template <class... Arguments>
  void operator()(Arguments&&...) const {}
};

/// `timeout_ns` of a case that waits as long as it takes.
constexpr std::int64_t kNoTimeout = -1;

template <class T, class Handler>
struct ReceiveCase {
  chan<T> channel;
  Handler handler;

  std::int64_t prepare(Case& op) {
    op.core = channel.core();
    return kNoTimeout;
  }
  void finishUnchosen(const Case&) {}
  void finishChosen(const Case& op) {
    std::optional<T> value;
    if (op.outcome == Outcome::Done)
      Parcel<T>(op.payload).open([&value](T&& element) { value.emplace(std::move(element)); });
    handler(std::move(value));
  }
};

/// `Value` is `T` (moved from if chosen) or `const T` (copied).
template <class T, class Value, class Handler>
struct SendCase {
  chan<T> channel;
  Value& value;
  Handler handler;
  Parcel<T> parcel{};

  std::int64_t prepare(Case& op) {
    op.core = channel.core();
    op.is_send = true;
    if (op.core == nullptr) return kNoTimeout;
    parcel.pack(static_cast<Value&&>(value));
    op.payload = parcel.payload();
    if (__hindsight_chan_access) __hindsight_chan_access(&op.core->closed, 0);
    return kNoTimeout;
  }
  void finishUnchosen(const Case& op) {
    if constexpr (!std::is_const_v<Value>)
      if (op.core != nullptr) parcel.giveBack(value);
  }
  void finishChosen(const Case&) {
    parcel.sent();
    handler();
  }
};

/// Default is a timeout of nothing.
template <class Handler>
struct TimeoutCase {
  std::int64_t timeout_ns;
  Handler handler;

  std::int64_t prepare(Case&) { return timeout_ns; }
  void finishUnchosen(const Case&) {}
  void finishChosen(const Case&) { handler(); }
};

/// Nanoseconds, at least 0, longer than anyone waits if they do not fit.
template <class Rep, class Period>
std::int64_t nanosecondsOf(std::chrono::duration<Rep, Period> timeout) {
  constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(24 * 365 * 100);
  if (!(timeout > timeout.zero())) return 0;
  if (std::chrono::duration<double>(timeout) > std::chrono::duration<double>(kLongest))
    return kLongest.count();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(timeout).count();
}

/// The parameter's type does not take part in deduction.
template <class T>
struct Same {
  using type = T;
};

}  // namespace detail

template <class T, class Handler = detail::NoHandler>
auto on_receive(const chan<T>& channel, Handler handler = {}) {
  return detail::ReceiveCase<T, Handler>{channel, std::move(handler)};
}

template <class T, class Handler = detail::NoHandler>
auto on_send(const chan<T>& channel, typename detail::Same<T>::type&& value, Handler handler = {}) {
  return detail::SendCase<T, T, Handler>{channel, value, std::move(handler)};
}
template <class T, class Handler = detail::NoHandler>
auto on_send(const chan<T>& channel, const typename detail::Same<T>::type& value,
             Handler handler = {}) {
  return detail::SendCase<T, const T, Handler>{channel, value, std::move(handler)};
}

/// Happens when no other case could within `timeout`.
template <class Rep, class Period, class Handler = detail::NoHandler>
auto on_timeout(std::chrono::duration<Rep, Period> timeout, Handler handler = {}) {
  return detail::TimeoutCase<Handler>{detail::nanosecondsOf(timeout), std::move(handler)};
}

/// Happens when no other case can at once.
template <class Handler = detail::NoHandler>
auto on_default(Handler handler = {}) {
  return detail::TimeoutCase<Handler>{0, std::move(handler)};
}

/// Throws closed_channel if it picked a send and that channel is closed.
template <class... Cases>
std::size_t select(Cases&&... cases) {
  constexpr std::size_t kCount = sizeof...(Cases);
  static_assert(kCount > 0, "a select without cases would block for ever");
  std::array<detail::Case, kCount> ops{};  // one for each case; timeouts look like nil channels
  std::int64_t timeout_ns = detail::kNoTimeout;
  std::size_t happened = kCount;
  std::size_t index = 0;
  const auto prepare = [&](auto& each) {
    const std::int64_t timeout = each.prepare(ops[index]);
    if (timeout >= 0 && (timeout_ns < 0 || timeout < timeout_ns)) {
      timeout_ns = timeout;
      happened = index;
    }
    ++index;
  };
  (prepare(cases), ...);

  std::array<detail::Case*, kCount> by_address;
  std::array<detail::Case*, kCount> shuffled;
  const detail::Case* const chosen =
      detail::select(ops.data(), kCount, {by_address.data(), shuffled.data(), 0},
                     timeout_ns > 0 ? detail::monotonicNow() + timeout_ns : timeout_ns);
  if (chosen != nullptr) happened = static_cast<std::size_t>(chosen - ops.data());

  index = 0;
  const auto finishUnchosen = [&](auto& each) {
    if (index != happened) each.finishUnchosen(ops[index]);
    ++index;
  };
  (finishUnchosen(cases), ...);
  detail::checkOutcome(ops[happened]);
  index = 0;
  const auto finishChosen = [&](auto& each) {
    if (index++ == happened) each.finishChosen(ops[happened]);
  };
  (finishChosen(cases), ...);
  return happened;
}

}  // namespace hindsight

#endif  // HINDSIGHT_SELECT_H
