// pool.h - Go's sync.Pool for C++17 and later: objects kept for whoever needs one next.
//
//   hindsight::pool<Buffer> buffers([] { return std::make_unique<Buffer>(); });
//   std::unique_ptr<Buffer> buffer = buffers.get();
//   ...
//   buffers.put(std::move(buffer));
//
// Order. put() of an object happens before the get() that returns it, and nothing more: two threads
// that put, two that get, and a put and the get of another object are not ordered.
//
// As in Go, get() returns any object, or one made by the function given at the start (none: null),
// and an object that was put may be gone: a pool that holds `most` of them destroys what comes. The
// function may run in several threads at a time, without the pool's lock.
//
// Destroying a pool destroys what is in it, as if it had been got.
//
// Thread safety: every member function, from any thread. Not for signal handlers.
// Allocation: one small block per object held.
#ifndef HINDSIGHT_POOL_H
#define HINDSIGHT_POOL_H

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "hindsight/detail/unseen.h"

namespace hindsight {

namespace detail {

struct PooledObject {
  void* object;
  PooledObject* next;
};

struct PoolCore {
  std::uint32_t lock = 0;
  std::size_t count = 0;
  PooledObject* first = nullptr;  // the last that came
};

/// False: the pool is full, or there is no memory.
HINDSIGHT_UNINSTRUMENTED inline bool put(PoolCore& core, void* object, std::size_t most) {
  auto* entry = static_cast<PooledObject*>(std::malloc(sizeof(PooledObject)));
  if (entry == nullptr) return false;
  entry->object = object;
  hindsight_release_store(entry);
  lockWord(&core.lock);
  const bool room = core.count < most;
  if (room) {
    entry->next = core.first;
    core.first = entry;
    ++core.count;
  }
  unlockWord(&core.lock);
  if (!room) freeUnordered(entry, sizeof *entry);
  return room;
}

/// Null: the pool is empty.
HINDSIGHT_UNINSTRUMENTED inline void* get(PoolCore& core) {
  lockWord(&core.lock);
  PooledObject* entry = core.first;
  if (entry != nullptr) {
    core.first = entry->next;
    --core.count;
  }
  unlockWord(&core.lock);
  if (entry == nullptr) return nullptr;
  hindsight_acquire(entry);
  void* object = entry->object;
  freeUnordered(entry, sizeof *entry);
  return object;
}

}  // namespace detail

template <class T>
class pool {
 public:
  static constexpr std::size_t kMost = 1024;

  pool() = default;
  explicit pool(std::function<std::unique_ptr<T>()> make, std::size_t most = kMost)
      : make_(std::move(make)), most_(most) {}
  ~pool() {
    while (take() != nullptr) {
    }
  }
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  /// An object that was put, or else a new one; null if there is no function to make one.
  std::unique_ptr<T> get() {
    life_.use();
    if (std::unique_ptr<T> object = take()) return object;
    return make_ ? make_() : nullptr;
  }

  /// Null is ignored.
  void put(std::unique_ptr<T> object) {
    life_.use();
    if (object != nullptr && detail::put(core_, object.get(), most_)) object.release();
  }

 private:
  std::unique_ptr<T> take() { return std::unique_ptr<T>(static_cast<T*>(detail::get(core_))); }

  detail::PoolCore core_;
  std::function<std::unique_ptr<T>()> make_;
  std::size_t most_ = kMost;
  detail::Lifetime life_;
};

}  // namespace hindsight

#endif  // HINDSIGHT_POOL_H
