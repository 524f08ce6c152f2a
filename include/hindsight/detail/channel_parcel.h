// channel_parcel.h - an element on its way through a channel.
//
// Small trivially copyable elements travel as bits inside the 64-bit payload, others as a pointer
// to a block of their own: only the sender and then the receiver touch it, so the detector needs
// no order between users of the same ring slot. These functions are instrumented: moving T is the
// program's own code.
#ifndef HINDSIGHT_DETAIL_CHANNEL_PARCEL_H
#define HINDSIGHT_DETAIL_CHANNEL_PARCEL_H

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace hindsight::detail {

template <class T>
class Parcel {
 public:
  static constexpr bool kInPlace =
      std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t);

  Parcel() = default;
  /// Takes over a payload that came out of a channel.
  explicit Parcel(std::uint64_t payload) : payload_(payload), full_(true) {}
  template <class U>
  explicit Parcel(std::in_place_t, U&& value) {
    pack(std::forward<U>(value));
  }
  ~Parcel() { clear(); }
  Parcel(const Parcel&) = delete;
  Parcel& operator=(const Parcel&) = delete;

  template <class U>
  void pack(U&& value) {
    if constexpr (kInPlace) {
      const T copy(std::forward<U>(value));
      std::memcpy(&payload_, &copy, sizeof(T));
    } else {
      std::allocator<T> memory;
      T* element = memory.allocate(1);
      try {
        ::new (static_cast<void*>(element)) T(std::forward<U>(value));
      } catch (...) {
        memory.deallocate(element, 1);
        throw;
      }
      payload_ = reinterpret_cast<std::uintptr_t>(element);
    }
    full_ = true;
  }

  std::uint64_t payload() const { return payload_; }
  /// The element is in the channel now; destroying the parcel leaves it alone.
  void sent() { full_ = false; }

  /// Passes the element, as an rvalue, to `consume`, and destroys it whatever happens.
  template <class Consumer>
  decltype(auto) open(Consumer&& consume) {
    if constexpr (kInPlace) {
      full_ = false;
      alignas(T) unsigned char bytes[sizeof(T)];
      std::memcpy(bytes, &payload_, sizeof(T));
      return consume(std::move(*std::launder(reinterpret_cast<T*>(bytes))));
    } else {
      return consume(std::move(*element()));
    }
  }

  /// The element was not sent after all: moves it back to where it was packed from.
  void giveBack([[maybe_unused]] T& origin) {
    if constexpr (!kInPlace) origin = std::move(*element());
  }

  /// Destroys an element by its payload: what a channel does with those nobody received.
  static constexpr void (*dropper())(std::uint64_t) {
    if constexpr (kInPlace)
      return nullptr;
    else
      return [](std::uint64_t payload) { Parcel discarded(payload); };
  }

 private:
  T* element() const { return reinterpret_cast<T*>(static_cast<std::uintptr_t>(payload_)); }
  void clear() {
    if constexpr (!kInPlace) {
      if (!full_) return;
      element()->~T();
      std::allocator<T>().deallocate(element(), 1);
    }
    full_ = false;
  }

  std::uint64_t payload_ = 0;
  bool full_ = false;
};

}  // namespace hindsight::detail

#endif  // HINDSIGHT_DETAIL_CHANNEL_PARCEL_H
