// block_lock.h - the locks of a few neighbouring lines at once.
//
// A lock is a compare-and-swap that waits for all stores before it; for a long range that wait is a
// large part of the cost. The words of two lines are swapped together, and all of them are taken
// before the first store to shadow.
//
// Whoever holds a line's lock and waits for another takes lines in ascending order or gives up, as
// this class does: it never waits.
// Thread safety: as LineLock. The caller is inside a RuntimeScope.
#pragma once

#include <initializer_list>

#include "core/line.h"

namespace hindsight {

class BlockLock {
 public:
  static constexpr u32 kLines = 4;
  static constexpr size_t kBytes = kLines * kLineSize;

  /// `block` is a multiple of kBytes. All or none of its lines are locked afterwards.
  explicit BlockLock(uptr block) : words_(reinterpret_cast<Pair*>(lineWord(block))) {
    while (held_ < kPairs && take(held_)) ++held_;
    if (HINDSIGHT_UNLIKELY(held_ < kPairs)) release();
    lockBeforeChanges();
  }
  ~BlockLock() { release(); }
  BlockLock(const BlockLock&) = delete;
  BlockLock& operator=(const BlockLock&) = delete;

  bool holds() const { return held_ == kPairs; }
  /// Read groups that may have cells in one of the lines, as bits.
  u32 groups() const {
    u64 all = 0;
    for (const u64 value : values_) all |= value;
    return static_cast<u32>(all | all >> 32) >> 1 & kGroupsMask;
  }
  /// Whether one of the lines has more to tell than cells.
  bool leftBehind() const {
    for (const u64 pair : values_)
      for (const u32 word : {static_cast<u32>(pair), static_cast<u32>(pair >> 32)})
        if (HINDSIGHT_UNLIKELY(word >> kRecordShift != 0) &&
            record_region[word >> kRecordShift].left_behind != 0)
          return true;
    return false;
  }
  void addGroup(u32 group) {
    for (u64& value : values_) value |= kBoth * (2u << group);
  }

 private:
  using Pair __attribute__((may_alias)) = u64;
  static constexpr u32 kPairs = kLines / 2;
  static constexpr u64 kBoth = 1ull << 32 | 1;  // the lock bits of two lines
  static constexpr u32 kGroupsMask = (1u << kReadGroups) - 1;

  bool take(u32 pair) {
    u64 value = __atomic_load_n(words_ + pair, __ATOMIC_RELAXED) & ~kBoth;
    values_[pair] = value;
    // pairs with: release, ~LineLock
    return __atomic_compare_exchange_n(words_ + pair, &value, value | kBoth, false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
  }
  void release() {
    for (; held_ != 0; --held_)  // pairs with: take, LineLock, lockSlow
      __atomic_store_n(words_ + held_ - 1, values_[held_ - 1], __ATOMIC_RELEASE);
  }

  Pair* const words_;
  u32 held_ = 0;
  u64 values_[kPairs] = {};
};

}  // namespace hindsight
