// chan.h - Go's channels for C++17 and later, with the happens-before edges of Go's memory model.
//
//   hindsight::chan<std::string> lines(16);          // room for 16; chan<T>(0) is unbuffered
//   std::thread producer([lines] { lines.send("hello"); lines.close(); });
//   for (std::string line : lines) std::cout << line << '\n';
//
// A chan is a handle: copies name the same channel, as in Go, and the channel lives as long as a
// handle does. A default-constructed one is nil: sending and receiving block for ever, and in a
// select it is never ready.
//
// Order. Built with Hindsight, the detector sees exactly these edges (and not the channel's lock):
//   1. a send happens before the matching receive completes;
//   2. close happens before a receive that returns because the channel is closed;
//   3. unbuffered: a receive happens before the matching send completes;
//   4. capacity C: the k-th receive happens before the (k+C)-th send completes;
//   5. sending and closing without order between them is reported as a race.
// size(), capacity() and the passing around of handles order nothing.
//
// T needs to be movable. An exception from moving T into the channel leaves the channel as it was;
// one from moving T out of it loses that element.
//
// Names follow the standard library here, as the interface is to be used beside it.
// Thread safety: every member function, from any thread. Not for signal handlers.
#ifndef HINDSIGHT_CHAN_H
#define HINDSIGHT_CHAN_H

#include <iterator>
#include <optional>
#include <stdexcept>

#include "hindsight/detail/channel_parcel.h"
#include "hindsight/detail/channel_select.h"

namespace hindsight {

/// Sending on a closed channel, or closing one twice or a nil one: what panics in Go.
class closed_channel : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// What became of an operation that does not wait.
enum class chan_status { done, not_ready, closed };

namespace detail {

/// Throws what a failed operation throws.
inline void checkOutcome(const Case& op) {
  if (op.outcome == Outcome::NoMemory) throw std::bad_alloc();
  if (op.outcome == Outcome::Closed && op.is_send) throw closed_channel("send on closed channel");
}

}  // namespace detail

template <class T>
class chan {
 public:
  using value_type = T;

  /// A nil channel.
  chan() noexcept = default;
  /// An open channel with room for `capacity` elements. Reports call it `name`.
  explicit chan(std::size_t capacity, const char* name = nullptr)
      : core_(detail::newCore(capacity, Parcel::dropper())) {
    if (core_ == nullptr) throw std::bad_alloc();
    if (name != nullptr) hindsight_name(core_, sizeof *core_, name);
  }
  chan(const chan& other) noexcept : core_(other.core_) {
    if (core_ != nullptr) detail::reference(*core_);
  }
  chan(chan&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  chan& operator=(chan other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~chan() {
    if (core_ != nullptr) detail::dereference(*core_);
  }

  /// Waits until the element is in the buffer or, unbuffered, with its receiver.
  /// Throws closed_channel if the channel is closed, or is closed while waiting.
  void send(T value) const {
    Parcel parcel(std::in_place, std::move(value));
    sendParcel(parcel, detail::kForever);
  }
  /// False if it would have to wait: then `value` is as before.
  bool try_send(T&& value) const {
    Parcel parcel(std::in_place, std::move(value));
    if (sendParcel(parcel, detail::kDoNotBlock)) return true;
    parcel.giveBack(value);
    return false;
  }
  bool try_send(const T& value) const {
    Parcel parcel(std::in_place, value);
    return sendParcel(parcel, detail::kDoNotBlock);
  }

  /// Waits for an element. Empty: the channel is closed and everything sent has been received.
  std::optional<T> receive() const {
    std::optional<T> result;
    receiveWith([&result](T&& value) { result.emplace(std::move(value)); }, detail::kForever);
    return result;
  }
  /// As above, into `out`, which is left alone if the channel is closed (result false).
  bool receive(T& out) const {
    return receiveWith([&out](T&& value) { out = std::move(value); }, detail::kForever) ==
           chan_status::done;
  }
  chan_status try_receive(T& out) const {
    return receiveWith([&out](T&& value) { out = std::move(value); }, detail::kDoNotBlock);
  }

  /// No more sends: receivers get what is buffered, then find the channel closed. Senders that
  /// wait now throw. Throws closed_channel if closed before, or nil.
  void close() const {
    if (core_ == nullptr) throw closed_channel("close of nil channel");
    detail::ChannelCore* core = core_;
    if (__hindsight_chan_access) __hindsight_chan_access(&core->closed, 1);
    if (!detail::closeChannel(*core)) throw closed_channel("close of closed channel");
  }

  /// Elements buffered at some moment during the call; Go's len.
  std::size_t size() const noexcept { return core_ == nullptr ? 0 : detail::channelSize(*core_); }
  /// Go's cap.
  std::size_t capacity() const noexcept {
    return core_ == nullptr ? 0 : detail::channelCapacity(*core_);
  }

  /// False for a nil channel.
  explicit operator bool() const noexcept { return core_ != nullptr; }
  /// Whether both name the same channel.
  friend bool operator==(const chan& a, const chan& b) noexcept { return a.core_ == b.core_; }
  friend bool operator!=(const chan& a, const chan& b) noexcept { return a.core_ != b.core_; }

  /// Receives until the channel is closed: `for (T value : channel)`.
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = T*;
    using reference = T&;

    iterator() = default;
    explicit iterator(const chan& channel) : channel_(&channel), value_(channel.receive()) {}
    T& operator*() { return *value_; }
    T* operator->() { return &*value_; }
    iterator& operator++() {
      value_.reset();
      channel_->receiveWith([this](T&& value) { value_.emplace(std::move(value)); },
                            detail::kForever);
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& a, const iterator& b) {
      return a.value_.has_value() == b.value_.has_value();
    }
    friend bool operator!=(const iterator& a, const iterator& b) { return !(a == b); }

   private:
    const chan* channel_ = nullptr;
    std::optional<T> value_;
  };
  iterator begin() const { return iterator(*this); }
  iterator end() const { return iterator(); }

  /// For select.h.
  detail::ChannelCore* core() const noexcept { return core_; }

 private:
  using Parcel = detail::Parcel<T>;

  /// False: not ready (kDoNotBlock only), the parcel keeps its element.
  bool sendParcel(Parcel& parcel, std::int64_t deadline_ns) const {
    detail::Case op;
    op.core = core_;
    op.is_send = true;
    op.payload = parcel.payload();
    if (core_ != nullptr && __hindsight_chan_access) __hindsight_chan_access(&core_->closed, 0);
    if (detail::perform(op, deadline_ns) == nullptr) return false;
    detail::checkOutcome(op);
    parcel.sent();
    return true;
  }

  template <class Consumer>
  chan_status receiveWith(Consumer consume, std::int64_t deadline_ns) const {
    detail::Case op;
    op.core = core_;
    if (detail::perform(op, deadline_ns) == nullptr) return chan_status::not_ready;
    detail::checkOutcome(op);
    if (op.outcome == detail::Outcome::Closed) return chan_status::closed;
    Parcel parcel(op.payload);
    parcel.open(consume);
    return chan_status::done;
  }

  detail::ChannelCore* core_ = nullptr;
};

}  // namespace hindsight

#include "hindsight/select.h"

#endif  // HINDSIGHT_CHAN_H
