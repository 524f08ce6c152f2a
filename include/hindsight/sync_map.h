// sync_map.h - Go's sync.Map for C++17 and later: a map that threads share without a lock of
// theirs.
//
//   hindsight::sync_map<std::string, int> sizes;
//   sizes.store("a", 1);
//   if (std::optional<int> size = sizes.load("a")) use(*size);
//
// Go's Load, Store, LoadOrStore, LoadAndDelete, Delete, Swap, CompareAndSwap, CompareAndDelete,
// Clear and Range are load, store, load_or_store, load_and_delete, erase, swap, compare_and_swap,
// compare_and_delete, clear and range.
//
// Order. A write happens before a read that observes it, where
//   writes are  store, swap, erase, clear; load_and_delete, compare_and_swap, compare_and_delete
//               and load_or_store if they changed something;
//   reads are   load, load_or_store, load_and_delete, swap, compare_and_swap, compare_and_delete,
//               and range for each pair that it visits; finding nothing observes the deletion.
// These are all the edges. In particular a store is no read: it is not ordered after the store that
// it overwrites, and whoever loads its value is ordered after the last of the two only. Keys do not
// order each other.
//
// Values are copied out; none of the map's locks is held while values are copied or destroyed,
// or while range calls its function, which may use the map. What is done with keys (hash,
// comparison, copies) and the comparison of values run under a lock and must not use it. The
// destructors of values and keys that the map drops are not checked by the detector.
//
// range visits no key twice, but is no snapshot: a pair stored or erased meanwhile may be visited
// or not.
//
// Under Hindsight the map remembers every key that was erased, for the order that finding nothing
// has: memory grows with the number of different keys. Without it nothing is remembered.
//
// Key and T need to be copyable. An exception from copying something into the map, or from memory,
// leaves it as it was.
// Thread safety: every member function, from any thread. Not for signal handlers.
// Allocation: a block for each value, and the nodes of std::unordered_map.
#ifndef HINDSIGHT_SYNC_MAP_H
#define HINDSIGHT_SYNC_MAP_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "hindsight/detail/unseen.h"

namespace hindsight {

namespace detail {

/// What one write left: a value, or that there is none. Never changes; its address carries the
/// clock of the write.
template <class T>
struct Written {
  std::uint32_t references = 1;
  std::optional<T> value;
};

/// A counted reference to a Written, or to nothing.
template <class T>
class WrittenRef {
 public:
  WrittenRef() = default;
  explicit WrittenRef(Written<T>* adopted) : written_(adopted) {}
  WrittenRef(const WrittenRef& other) : written_(other.written_) { refer(written_); }
  WrittenRef(WrittenRef&& other) noexcept : written_(std::exchange(other.written_, nullptr)) {}
  WrittenRef& operator=(WrittenRef other) noexcept {
    std::swap(written_, other.written_);
    return *this;
  }
  ~WrittenRef() {
    if (written_ != nullptr && isLast(written_)) destroy();
  }

  template <class... Arguments>
  static WrittenRef make(Arguments&&... arguments) {
    auto* written = new Written<T>;
    WrittenRef result(written);
    if constexpr (sizeof...(Arguments) != 0)
      written->value.emplace(std::forward<Arguments>(arguments)...);
    return result;
  }

  /// The calling thread has written this.
  void publish() const { hindsight_release_store(written_); }
  /// The calling thread observes it.
  void acquire() const {
    if (written_ != nullptr) hindsight_acquire(written_);
  }
  /// And copies what is there, if anything.
  std::optional<T> observe() const {
    if (written_ == nullptr) return std::nullopt;
    acquire();
    return written_->value;
  }
  bool isNull() const { return written_ == nullptr; }
  /// Only in an UnseenScope, or once observed.
  bool hasValue() const { return written_ != nullptr && written_->value.has_value(); }
  /// Only if hasValue().
  const T& value() const { return *written_->value; }

 private:
  HINDSIGHT_UNINSTRUMENTED static void refer(Written<T>* written) {
    if (written != nullptr) __atomic_fetch_add(&written->references, 1, __ATOMIC_RELAXED);
  }
  HINDSIGHT_UNINSTRUMENTED static bool isLast(Written<T>* written) {
    return __atomic_sub_fetch(&written->references, 1, __ATOMIC_ACQ_REL) == 0;
  }
  /// Whoever is last has no order with those who used it before: see freeUnordered().
  void destroy() {
    hindsight_ignore_begin();
    written_->value.reset();
    hindsight_new_memory(written_, sizeof *written_);
    delete written_;
    hindsight_ignore_end();
  }

  Written<T>* written_ = nullptr;
};

}  // namespace detail

template <class Key, class T, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>>
class sync_map {
 public:
  using key_type = Key;
  using mapped_type = T;

  sync_map() = default;
  ~sync_map() {
    for (Shard& shard : shards_) {
      const detail::UnseenScope scope(&shard.lock);
      shard.entries.clear();
    }
  }
  sync_map(const sync_map&) = delete;
  sync_map& operator=(const sync_map&) = delete;

  std::optional<T> load(const Key& key) const {
    life_.use();
    return find(key).observe();
  }

  void store(Key key, T value) {
    life_.use();
    exchange(std::move(key), Ref::make(std::move(value)), Reads::No);
  }

  /// What was there before.
  std::optional<T> swap(Key key, T value) {
    life_.use();
    return exchange(std::move(key), Ref::make(std::move(value)), Reads::Yes).observe();
  }

  /// The value that is there now, and whether it was before (then `value` is not stored).
  std::pair<T, bool> load_or_store(Key key, T value) {
    life_.use();
    const Ref mine = Ref::make(std::move(value));
    Ref there;
    bool loaded = false;
    {
      Shard& shard = shardOf(key);
      const detail::UnseenScope scope(&shard.lock);
      Ref& entry = shard.entries[std::move(key)];
      loaded = entry.hasValue();
      if (!loaded) {
        entry.acquire();
        mine.publish();
        entry = mine;
      }
      there = entry;
    }
    return {*there.observe(), loaded};
  }

  std::optional<T> load_and_delete(const Key& key) {
    life_.use();
    return remove(key, Reads::Yes).observe();
  }

  /// Go's Delete.
  void erase(const Key& key) {
    life_.use();
    remove(key, Reads::No);
  }

  /// Stores `desired` if `expected` is there. Whether it did.
  bool compare_and_swap(const Key& key, T expected, T desired) {
    life_.use();
    return compareAndSet(key, expected, Ref::make(std::move(desired)));
  }
  /// Erases the key if `expected` is there. Whether it did.
  bool compare_and_delete(const Key& key, T expected) {
    life_.use();
    return compareAndSet(key, expected, nothing());
  }

  void clear() {
    life_.use();
    for (Shard& shard : shards_) {
      const annotate::ignore_scope unseen;  // `other` is destroyed without the lock
      Entries other;
      const detail::UnseenScope scope(&shard.lock);
      if (detail::isWatched())
        for (const auto& [key, written] : shard.entries) {
          Ref erased = written;
          if (written.hasValue()) {
            erased = Ref::make();
            erased.publish();
          }
          other.emplace(key, std::move(erased));
        }
      other.swap(shard.entries);
    }
  }

  /// Calls `visit(key, value)` for each pair until it returns false. It may use the map.
  template <class Visitor>
  void range(Visitor visit) const {
    life_.use();
    for (const Shard& shard : shards_) {
      std::vector<std::pair<Key, Ref>> pairs;
      {
        const detail::UnseenScope scope(&shard.lock);
        pairs.reserve(shard.entries.size());
        for (const auto& entry : shard.entries)
          if (entry.second.hasValue()) pairs.emplace_back(entry.first, entry.second);
      }
      for (const auto& [key, written] : pairs)
        if (const std::optional<T> value = written.observe(); !visit(key, *value)) return;
    }
  }

 private:
  using Ref = detail::WrittenRef<T>;
  using Entries = std::unordered_map<Key, Ref, Hash, Equal>;
  enum class Reads : bool { No, Yes };

  static constexpr std::size_t kShards = 16;
  struct alignas(64) Shard {
    mutable std::uint32_t lock = 0;
    Entries entries;  // always in an UnseenScope
  };

  /// Where the key is. Multiplied, as std::hash of an integer is the integer.
  static std::size_t shardIndex(const Key& key) {
    const auto hash = static_cast<std::uint64_t>(Hash()(key));
    return static_cast<std::size_t>((hash * 0x9e3779b97f4a7c15u) >> 60) % kShards;
  }
  Shard& shardOf(const Key& key) { return shards_[shardIndex(key)]; }
  const Shard& shardOf(const Key& key) const { return shards_[shardIndex(key)]; }

  /// What an erased key has: nothing, unless there is a detector to be told of the order.
  static Ref nothing() { return detail::isWatched() ? Ref::make() : Ref(); }

  Ref find(const Key& key) const {
    const Shard& shard = shardOf(key);
    const detail::UnseenScope scope(&shard.lock);
    const auto found = shard.entries.find(key);
    return found == shard.entries.end() ? Ref() : found->second;
  }

  /// Puts `mine` where the key is; returns what was there.
  Ref exchange(Key&& key, const Ref& mine, Reads reads) {
    Shard& shard = shardOf(key);
    const detail::UnseenScope scope(&shard.lock);
    Ref& entry = shard.entries[std::move(key)];
    if (reads == Reads::Yes) entry.acquire();
    mine.publish();
    return std::exchange(entry, mine);
  }

  /// Erases the key; returns what was there.
  Ref remove(const Key& key, Reads reads) {
    const Ref erased = nothing();
    Ref before;
    Shard& shard = shardOf(key);
    const detail::UnseenScope scope(&shard.lock);
    const auto found = shard.entries.find(key);
    if (found == shard.entries.end()) return Ref();
    if (reads == Reads::Yes) found->second.acquire();
    if (found->second.hasValue()) before = set(shard, found, erased);
    return before;
  }

  bool compareAndSet(const Key& key, const T& expected, const Ref& mine) {
    Ref before;  // outlives the scope: what it holds is destroyed without the lock
    Shard& shard = shardOf(key);
    const detail::UnseenScope scope(&shard.lock);
    const auto found = shard.entries.find(key);
    if (found == shard.entries.end()) return false;
    found->second.acquire();
    if (!found->second.hasValue() || !(found->second.value() == expected)) return false;
    before = set(shard, found, mine);
    return true;
  }

  /// A null `mine` takes the key out. Returns what was there.
  static Ref set(Shard& shard, typename Entries::iterator at, const Ref& mine) {
    Ref before = std::exchange(at->second, mine);
    if (mine.isNull())
      shard.entries.erase(at);
    else
      mine.publish();
    return before;
  }

  std::array<Shard, kShards> shards_;
  detail::Lifetime life_;
};

}  // namespace hindsight

#endif  // HINDSIGHT_SYNC_MAP_H
