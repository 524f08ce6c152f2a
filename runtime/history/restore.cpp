#include "base/arena.h"
#include "base/spin_lock.h"
#include "history/calling_contexts.h"
#include "history/event_words.h"
#include "history/kept_history.h"
#include "history/stack_depot.h"

namespace hindsight {
namespace {

/// Replays one thread's history and keeps the last of the accesses that match best.
class Replay {
 public:
  Replay(Epoch epoch, uptr line, u64 byte_mask, Kind wanted, RestoredAccess& out)
      : target_(epoch), line_(line), byte_mask_(byte_mask), wanted_(wanted), out_(out) {}

  void start(const HistoryPart& part) {
    epoch_ = part.first_epoch;
    depth_ = lock_count_ = 0;
    contexts_ = nullptr;
    // A part that is being reused may be torn; what is read of it is thrown away, but must be
    // there.
    const uptr* frames = __atomic_load_n(&part.frames, __ATOMIC_ACQUIRE);
    const HeldLock* locks = __atomic_load_n(&part.locks, __ATOMIC_ACQUIRE);
    if (frames == nullptr) return;
    for (u32 i = 0; i < part.depth; ++i) push(frames[i]);
    lock_count_ = min(part.lock_count, kMaxHeldLocks);
    for (u32 i = 0; i < lock_count_; ++i) locks_[i] = locks[i];
  }

  /// Begins a kept part, which says all by itself.
  void startKept(const CallingContexts& contexts) {
    depth_ = lock_count_ = context_ = 0;
    contexts_ = &contexts;
  }

  /// Applies the event at `word`; returns its length in words.
  u32 apply(const u64* word) {
    const u64 value = valueOf(word[0]);
    switch (typeOf(word[0])) {
      case EventType::Epoch: epoch_ = static_cast<Epoch>(value); return 1;
      case EventType::Depth: depth_ = static_cast<u32>(value); return 1;
      case EventType::Push: push(value); return 1;
      case EventType::Lock: lock(value & kAddressMask, (value >> 48 & 1) != 0, word[1]); return 2;
      case EventType::Unlock: unlock(value); return 1;
      case EventType::Context: context_ = static_cast<u32>(value); return 1;
      case EventType::Locks:
        // In the ring it stands for nothing but another word: the part is torn.
        if (contexts_ != nullptr) setLocks(static_cast<u32>(value));
        return 1;
      case EventType::Access:
      case EventType::Free:
      case EventType::Group:
      case EventType::Run: return access(word);
      case EventType::None: break;
    }
    return 1;
  }

  bool found() const { return found_ != Match::None; }
  /// What has been found may have been torn.
  void forget() { found_ = Match::None; }

 private:
  enum class Match : u8 { None, Some, Racing };

  static constexpr u32 kWindow = kMaxFrames;

  // The innermost frames are kept in a ring, so recursion of any depth costs no memory.
  void push(uptr pc) { frames_[depth_++ % kWindow] = pc; }

  void lock(uptr address, bool shared, uptr pc) {
    if (lock_count_ < kMaxHeldLocks) locks_[lock_count_++] = {address, pc, 1, shared};
  }
  void unlock(uptr address) {
    for (u32 i = lock_count_; i-- > 0;) {
      if (locks_[i].address != address) continue;
      for (u32 j = i; j + 1 < lock_count_; ++j) locks_[j] = locks_[j + 1];
      --lock_count_;
      return;
    }
  }

  bool touches(uptr address, size_t bytes) const {
    const uptr begin = max(address, line_), end = min(address + bytes, line_ + kLineSize);
    if (begin >= end) return false;
    const u64 run = end - begin == kLineSize ? ~0ull : (1ull << (end - begin)) - 1;
    return (run << (begin - line_) & byte_mask_) != 0;
  }

  void setLocks(u32 lock_set) {
    u32 words;
    const uptr* lock = depotGet(lock_set, words);
    lock_count_ = words / 2;
    for (u32 i = 0; i < lock_count_; ++i, lock += 2)
      locks_[i] = {lock[0] & kAddressMask, lock[1], 1, (lock[0] >> 48 & 1) != 0};
  }

  u32 access(const u64* word) {
    const AccessEvent event = unpackAccess(word);
    if (epoch_ != target_) return event.length;
    if (event.type == EventType::Group)
      group(event);
    else if (event.type == EventType::Run)
      run(event);
    else
      parts(event.address, event);
    return event.length;
  }

  /// One access, or those that were checked as one.
  void parts(uptr begin, const AccessEvent& event) {
    forEachPart(begin, event.bytes, event.pc, [&](uptr address, size_t bytes, u32 part) {
      consider(address, bytes, event.kind, event.pc, event.type == EventType::Free, part);
    });
  }

  void group(const AccessEvent& event) {
    const size_t words = event.bytes / kWordSize;
    for (size_t first = 0; first < words;) {
      const u64 component = event.components >> (first * 4) & 0xf;
      size_t last = first + 1;
      while (last < words && (event.components >> (last * 4) & 0xf) == component) ++last;
      consider(event.address + first * kWordSize, (last - first) * kWordSize, event.kind,
               (event.pc & kAddressMask) + component, false);
      first = last;
    }
  }

  /// Its accesses that may touch the line: those from the first one that ends behind its beginning.
  void run(const AccessEvent& event) {
    const uptr step = static_cast<uptr>(event.stride < 0 ? -event.stride : event.stride);
    const uptr length = step * (event.count - 1);
    const uptr lowest = event.stride < 0 ? event.address - length : event.address;
    uptr at = lowest;
    if (step != 0 && lowest + event.bytes <= line_)
      at += roundUpTo(line_ - lowest - event.bytes + 1, step);
    for (; at <= lowest + length && at < line_ + kLineSize; at += step) {
      parts(at, event);
      if (step == 0) return;
    }
  }
  static uptr roundUpTo(uptr value, uptr unit) { return (value + unit - 1) / unit * unit; }

  void consider(uptr address, size_t bytes, Kind kind, uptr pc, bool is_free, u32 part = 0) {
    if (!touches(address, bytes)) return;
    if (isWrite(wanted_) && !isWrite(kind)) return;
    // Not the atomic operation behind the plain read that races with another one.
    const Match match = covers(kind, wanted_) ? Match::Racing : Match::Some;
    if (match < found_) return;
    found_ = match;
    out_.address = address;
    out_.bytes = bytes;
    out_.kind = kind;
    out_.is_free = is_free;
    out_.is_volatile = (pc & kVolatileSite) != 0;
    out_.part = part;
    out_.frames[0] = pc & kAddressMask;
    out_.frame_count = 1;
    for (u32 id = context_; contexts_ != nullptr && id != 0 && out_.frame_count < kMaxFrames;) {
      out_.frames[out_.frame_count++] = contexts_->at(id).pc;
      id = contexts_->at(id).parent;
    }
    for (u32 d = depth_; d > 0 && depth_ - d < kWindow && out_.frame_count < kMaxFrames; --d)
      out_.frames[out_.frame_count++] = frames_[(d - 1) % kWindow];
    out_.lock_count = lock_count_;
    for (u32 i = 0; i < lock_count_; ++i) out_.locks[i] = locks_[i];
  }

  const Epoch target_;
  const uptr line_;
  const u64 byte_mask_;
  const Kind wanted_;
  RestoredAccess& out_;
  Match found_ = Match::None;
  Epoch epoch_ = 0;
  const CallingContexts* contexts_ = nullptr;  // the context is `context_`, not `frames_`
  u32 context_ = 0;
  u32 depth_ = 0;
  u32 lock_count_ = 0;
  uptr frames_[kWindow];
  HeldLock locks_[kMaxHeldLocks];
};

/// False: a part was reused meanwhile, and the ring begins elsewhere now.
bool replayParts(const History& history, Epoch epoch, Replay& replay) {
  const HistoryPart* part = __atomic_load_n(&history.first, __ATOMIC_ACQUIRE);
  while (part != nullptr) {
    const u64 generation = __atomic_load_n(&part->generation, __ATOMIC_ACQUIRE);
    if ((generation & 1) != 0) return false;
    const HistoryPart* next = __atomic_load_n(&part->next, __ATOMIC_ACQUIRE);
    const bool before_target = next != nullptr && next->first_epoch < epoch;
    const bool behind_target = part->first_epoch > epoch;
    if (!before_target && !behind_target) {
      const u32 used = __atomic_load_n(&part->used, __ATOMIC_ACQUIRE);  // pairs with: publish
      replay.start(*part);
      for (u32 i = 0; i < used;) i += replay.apply(part->words + i);
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);  // pairs with: startPart
    if (__atomic_load_n(&part->generation, __ATOMIC_RELAXED) != generation) return false;
    if (behind_target) return true;
    part = next;
  }
  return true;
}

void replayRing(const History& history, Epoch epoch, Replay& replay) {
  constexpr u32 kAttempts = 256, kRounds = 32;  // between two of them: the later ones sleep
  for (u32 attempt = 0; attempt < kAttempts; ++attempt) {
    if (replayParts(history, epoch, replay)) return;
    replay.forget();              // it may be torn, and none is better than a wrong one
    spinWait(attempt * kRounds);  // the thread may have lost its processor meanwhile
  }
}

/// Parts are in the order of epochs.
void replayKept(KeptHistory& kept, Epoch epoch, uptr line, Replay& replay) {
  SpinLockGuard guard(kept.lock);
  u32 first = 0;
  for (u32 behind = kept.count; first < behind;) {
    const u32 middle = (first + behind) / 2;
    if (kept.parts[middle]->last_epoch < epoch)
      first = middle + 1;
    else
      behind = middle;
  }
  for (u32 i = first; i < kept.count && kept.parts[i]->first_epoch <= epoch; ++i) {
    const KeptPart& part = *kept.parts[i];
    if (part.end <= line || part.begin >= line + kLineSize) continue;
    replay.startKept(kept.contexts);
    for (u32 word = 0; word < part.used;) word += replay.apply(part.words + word);
  }
}

}  // namespace

bool restoreAccess(const History& history, Epoch epoch, uptr line, u64 byte_mask, Kind wanted,
                   RestoredAccess& out) {
  Replay replay(epoch, line, byte_mask, wanted, out);
  replayRing(history, epoch, replay);
  if (replay.found()) return true;
  // What has left the ring meanwhile was put there before.
  KeptHistory* kept = __atomic_load_n(&history.kept, __ATOMIC_ACQUIRE);  // pairs with: needKept
  if (kept != nullptr) replayKept(*kept, epoch, line, replay);
  return replay.found();
}

}  // namespace hindsight
