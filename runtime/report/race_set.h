// race_set.h - which races have been met, under the hashes by which they are told apart.
//
// Open addressing, at most half full, doubled when it gets there; entries stay for good.
//
// Thread safety: none; the report lock guards it. Allocation: arena.
#pragma once

#include "base/arena.h"
#include "base/types.h"
#include "report/suppressions.h"

namespace hindsight {

class RaceSet {
 public:
  struct Entry {
    u64 key;  // never 0
    u64 fingerprint;
    Suppression* suppression;  // that the race was left out for; null if it was not
  };

  const Entry* find(u64 key) const {
    if (capacity_ == 0) return nullptr;
    const Entry& entry = slot(entries_, capacity_, key);
    return entry.key == key ? &entry : nullptr;
  }

  /// False if the key was there already; the entry then stays as it was.
  bool add(const Entry& entry) {
    if (2 * (size_ + 1) > capacity_) grow();
    Entry& place = slot(entries_, capacity_, entry.key);
    if (place.key == entry.key) return false;
    place = entry;
    ++size_;
    return true;
  }

  void clear() {
    for (size_t i = 0; i < capacity_; ++i) entries_[i] = {0, 0, nullptr};
    size_ = 0;
  }

 private:
  /// Where `key` is, or would be put.
  static Entry& slot(Entry* entries, size_t capacity, u64 key) {
    size_t i = static_cast<size_t>(key) & (capacity - 1);
    while (entries[i].key != 0 && entries[i].key != key) i = (i + 1) & (capacity - 1);
    return entries[i];
  }

  void grow() {
    const size_t capacity = max<size_t>(64, 2 * capacity_);
    auto* entries = static_cast<Entry*>(arenaAllocate(capacity * sizeof(Entry)));
    for (size_t i = 0; i < capacity; ++i) entries[i] = {0, 0, nullptr};
    for (size_t i = 0; i < capacity_; ++i)
      if (entries_[i].key != 0) slot(entries, capacity, entries_[i].key) = entries_[i];
    if (entries_ != nullptr) arenaFree(entries_, capacity_ * sizeof(Entry));
    entries_ = entries;
    capacity_ = capacity;
  }

  Entry* entries_ = nullptr;
  size_t capacity_ = 0;
  size_t size_ = 0;
};

}  // namespace hindsight
