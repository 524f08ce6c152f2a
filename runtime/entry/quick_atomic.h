// quick_atomic.h - the atomic operation as it mostly is, in few instructions.
//
// A whole object of 1 to 8 bytes; nobody holds its line; an atomic operation was here before, so
// that its words are spilled; an entry that the new one makes redundant, the thread's own of the
// kind above all, makes room for it, or says the same; what other threads have done plainly there
// is in the past; and there is room in history. Whatever else there is, entry/atomic_steps.h does
// under the same lock, which is the reference: tests/model holds both equal.
//
// Thread safety: any thread, inside the runtime.
#pragma once

#include "core/line.h"
#include "entry/quick_access.h"
#include "threads/runtime_scope.h"

namespace hindsight {

/// The lock of a line, and what there is of an atomic operation of `kBytes` bytes in its record.
template <u32 kBytes>
class QuickAtomic {
 public:
  /// False: somebody holds the line.
  HINDSIGHT_ALWAYS_INLINE bool lock(uptr address) {
    line_ = lineWord(address);
    if (HINDSIGHT_UNLIKELY(!lockQuickly(line_, line_value_))) return false;
    const u32 index = line_value_ >> kRecordShift;
    record_ = index == 0 ? nullptr : record_region + index;
    return true;
  }
  HINDSIGHT_ALWAYS_INLINE void unlock() { unlockQuickly(line_, line_value_); }
  /// The line's word without its lock bit.
  u32 lineValue() const { return line_value_; }
  LineRecord* record() const { return record_; }

  /// Whether the access needs no more than an event and the thread's entry. Nothing has changed
  /// yet.
  HINDSIGHT_ALWAYS_INLINE bool judge(const Thread& thread, uptr address, Kind kind) {
    constexpr u32 kWords = kBytes > kWordSize ? 3 : 1;
    if (HINDSIGHT_UNLIKELY(record_ == nullptr) ||
        HINDSIGHT_UNLIKELY((record_->spilled >> (address % kLineSize / kWordSize) & kWords) !=
                           kWords))
      return false;
    bytes_ = lineBytes(address, kBytes);
    return findAtomic(*record_, bytes_, thread.stamp, kind, thread.clock, own_) !=
           AtomicPast::Unknown;
  }
  /// Writes the event, then the entry. False: history has to be asked the general way; nothing has
  /// changed.
  HINDSIGHT_ALWAYS_INLINE bool note(Thread& thread, const uptr* top, uptr address, Kind kind,
                                    uptr pc) {
    if (own_ == nullptr) return true;
    History& history = thread.history;
    if (HINDSIGHT_UNLIKELY(!logContextQuickly(history, top, thread.clock.own()))) return false;
    appendAccess(*history.last, history.last->used, address, kBytes, kind, pc);
    // Nobody looks without the lock for what is in this thread's past but itself: the version
    // stays.
    *own_ = {bytes_, thread.stamp, kind};
    return true;
  }

 private:
  u32* line_;
  u32 line_value_;
  LineRecord* record_;
  u64 bytes_;
  Entry* own_;
};

}  // namespace hindsight
