#include "history/history.h"

#include "base/arena.h"

namespace hindsight {

u32 history_parts = 64;

namespace {

constexpr u64 makeWord(EventType type, u64 value) {
  return value << kEventTypeBits | static_cast<u64>(type);
}
constexpr EventType typeOf(u64 word) { return static_cast<EventType>(word & 0xf); }
constexpr u64 valueOf(u64 word) { return word >> kEventTypeBits; }

constexpr uptr kAddressMask = (1ull << 48) - 1;

void takeSnapshot(History& history, HistoryPart& part) {
  const u32 depth = history.logged_depth;
  const u32 bytes = static_cast<u32>(depth * sizeof(uptr) + history.logged_lock_count * sizeof(HeldLock));
  if (part.snapshot_bytes < bytes || part.snapshot_bytes > 4 * bytes + 256) {
    if (part.frames != nullptr) arenaFree(part.frames, part.snapshot_bytes);
    part.frames = bytes == 0 ? nullptr : static_cast<uptr*>(arenaAllocate(bytes));
    part.snapshot_bytes = bytes;
  }
  part.depth = depth;
  part.lock_count = history.logged_lock_count;
  for (u32 i = 0; i < depth; ++i)
    part.frames[i] = history.stack.base[1 + i] & ~kLoggedFrame;
  auto* locks = reinterpret_cast<HeldLock*>(part.frames + depth);
  __atomic_store_n(&part.locks, locks, __ATOMIC_RELEASE);  // pairs with: Replay::start
  for (u32 i = 0; i < part.lock_count; ++i) part.locks[i] = history.logged_locks[i];
}

HINDSIGHT_NOINLINE void startPart(History& history) {
  HistoryPart* part;
  if (history.parts < history.max_parts) {
    part = static_cast<HistoryPart*>(arenaAllocate(sizeof(HistoryPart)));
    part->frames = nullptr;
    part->snapshot_bytes = 0;
    part->generation = 0;
    ++history.parts;
  } else {
    part = history.first;
    history.first = part->next;
    if (history.first != nullptr) history.first->previous = nullptr;
    __atomic_store_n(&part->generation, part->generation + 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);  // pairs with: restoreAccess
    if (history.first != nullptr) history.oldest_epoch = history.first->first_epoch;
  }
  part->next = nullptr;
  part->previous = history.last;
  part->first_epoch = history.logged_epoch;
  part->used = 0;
  takeSnapshot(history, *part);
  part->generation += part->generation & 1;
  if (history.last != nullptr)
    __atomic_store_n(&history.last->next, part, __ATOMIC_RELEASE);  // pairs with: restoreAccess
  else
    __atomic_store_n(&history.first, part, __ATOMIC_RELEASE);
  if (history.first == nullptr) history.first = part;
  history.last = part;
}

/// Room for `words` words in one part.
HINDSIGHT_ALWAYS_INLINE u64* room(History& history, u32 words) {
  if (HINDSIGHT_UNLIKELY(history.last == nullptr || history.last->used + words > kPartWords))
    startPart(history);
  return history.last->words + history.last->used;
}

HINDSIGHT_ALWAYS_INLINE void publish(History& history, u32 words) {
  // pairs with: restoreAccess
  __atomic_store_n(&history.last->used, history.last->used + words, __ATOMIC_RELEASE);
}

HINDSIGHT_ALWAYS_INLINE void logWord(History& history, EventType type, u64 value) {
  *room(history, 1) = makeWord(type, value);
  publish(history, 1);
}

bool same(const HeldLock& a, const HeldLock& b) {
  return a.address == b.address && a.pc == b.pc && a.shared == b.shared;
}
bool isAmong(const HeldLock& lock, const HeldLock* locks, u32 count) {
  for (u32 i = 0; i < count; ++i)
    if (same(lock, locks[i])) return true;
  return false;
}

void logUnlock(History& history, u32 index) {
  const uptr address = history.logged_locks[index].address;
  // The list first: should a part start with this event, its snapshot may lack the lock already.
  for (u32 i = index + 1; i < history.logged_lock_count; ++i)
    history.logged_locks[i - 1] = history.logged_locks[i];
  --history.logged_lock_count;
  logWord(history, EventType::Unlock, address & kAddressMask);
}

void logLock(History& history, const HeldLock& lock) {
  u64* word = room(history, 2);
  word[0] = makeWord(EventType::Lock,
                     static_cast<u64>(lock.shared) << 48 | (lock.address & kAddressMask));
  word[1] = lock.pc;
  publish(history, 2);
  // Now: should a part have started with this event, its snapshot must not have the lock yet.
  history.logged_locks[history.logged_lock_count++] = lock;
}

/// Brings the log's list of held locks up to date.
void syncLocks(History& history) {
  for (u32 i = history.logged_lock_count; i-- > 0;)
    if (!isAmong(history.logged_locks[i], history.locks, history.lock_count)) logUnlock(history, i);
  for (u32 i = 0; i < history.lock_count; ++i)
    if (!isAmong(history.locks[i], history.logged_locks, history.logged_lock_count))
      logLock(history, history.locks[i]);
}

/// Brings the log's calling context, held locks and epoch up to date.
HINDSIGHT_NOINLINE void syncContext(History& history, const uptr* top, Epoch epoch) {
  uptr* const base = history.stack.base;
  if (HINDSIGHT_UNLIKELY(!isOnStack(history.stack, top))) top = base + 1;
  const u32 depth = static_cast<u32>(top - base) - 1;
  u32 common = min(depth, history.logged_depth);
  while ((base[common] & kLoggedFrame) == 0) --common;  // entry 0 is always logged
  if (common != history.logged_depth) {
    history.logged_depth = common;
    logWord(history, EventType::Depth, common);
  }
  for (u32 i = common + 1; i <= depth; ++i) {
    const uptr pc = base[i];
    // The new depth first: should a part start with this event, its snapshot must not hold it yet.
    u64* word = room(history, 1);
    *word = makeWord(EventType::Push, pc);
    publish(history, 1);
    base[i] = pc | kLoggedFrame;
    history.logged_depth = i;
  }
  if (history.logged_epoch != epoch) {
    history.logged_epoch = epoch;
    logWord(history, EventType::Epoch, epoch);
  }
  if (history.plain_epoch == 0) syncLocks(history);
  history.plain_epoch = epoch;
}

HINDSIGHT_ALWAYS_INLINE bool contextIsLogged(const History& history, const uptr* top, Epoch epoch) {
  return static_cast<u32>(top - history.stack.base) - 1 == history.logged_depth &&
         (top[-1] & kLoggedFrame) != 0 && history.plain_epoch == epoch;
}

}  // namespace

void initShadowStack(ShadowStack& stack, size_t program_stack_bytes) {
  // A call takes at least 16 bytes of the program's stack (return address, alignment).
  const size_t bytes = roundUp(program_stack_bytes / 2 + kPageSize, 1 << 16);
  if (stack.base == nullptr || stack.bytes != bytes) {
    if (stack.base != nullptr) unmapPages(stack.base, stack.bytes);
    stack.base = static_cast<uptr*>(reservePages(bytes));
    stack.bytes = bytes;
  }
  stack.base[0] = kLoggedFrame;
}

u32 copyFrames(const ShadowStack& stack, const uptr* top, uptr* out, u32 capacity) {
  if (!isOnStack(stack, top)) return 0;
  u32 count = 0;
  for (const uptr* entry = top - 1; entry > stack.base && count < capacity; --entry)
    out[count++] = *entry & ~kLoggedFrame;
  return count;
}

void initHistory(History& history, u32 max_parts) {
  history.max_parts = max_parts;
  history.logged_depth = 0;
  history.logged_epoch = history.plain_epoch = 0;
  history.oldest_epoch = 0;
  history.lock_count = history.logged_lock_count = 0;
}

void destroyHistory(History& history) {
  for (HistoryPart* part = history.first; part != nullptr;) {
    HistoryPart* next = part->next;
    if (part->frames != nullptr) arenaFree(part->frames, part->snapshot_bytes);
    arenaFree(part, sizeof(HistoryPart));
    part = next;
  }
  history.first = history.last = nullptr;
  history.parts = 0;
}

void logAccessSlow(History& history, const uptr* top, Epoch epoch, EventType type, uptr address,
                   size_t bytes, Kind kind, uptr pc, u64 components) {
  if (HINDSIGHT_LIKELY(type == EventType::Access && bytes < 4096 && history.last != nullptr &&
                       history.last->used + 3 <= kPartWords &&
                       contextIsLogged(history, top, history.logged_epoch))) {
    // The first access of an epoch, in a known context.
    u64* const word = history.last->words + history.last->used;
    word[0] = makeWord(EventType::Epoch, epoch);
    word[1] = makeWord(type, static_cast<u64>(bytes) << 48 | (address & kAddressMask));
    word[2] = static_cast<u64>(kind) << 60 | (pc & kSitePcMask);
    history.logged_epoch = epoch;
    return publish(history, 3);
  }
  if (HINDSIGHT_UNLIKELY(!contextIsLogged(history, top, epoch))) syncContext(history, top, epoch);
  const u32 words = type == EventType::Group ? 4 : bytes < 4096 ? 2 : 3;
  u64* word = room(history, words);
  // A size of 0 means: too large for its field, in word 2.
  const u64 size = bytes < 4096 ? bytes : 0;
  word[0] = makeWord(type, size << 48 | (address & kAddressMask));
  word[1] = static_cast<u64>(kind) << 60 | (pc & kSitePcMask);
  if (words > 2) word[2] = type == EventType::Group ? components : bytes;
  publish(history, words);
}

namespace {

/// Replays one thread's history and keeps the last access that matches.
class Replay {
 public:
  Replay(Epoch epoch, uptr line, u64 byte_mask, bool writes, RestoredAccess& out)
      : target_(epoch), line_(line), byte_mask_(byte_mask), writes_(writes), out_(out) {}

  void start(const HistoryPart& part) {
    epoch_ = part.first_epoch;
    depth_ = lock_count_ = 0;
    // A part that is being reused may be torn; what is read of it is thrown away, but must be there.
    const uptr* frames = __atomic_load_n(&part.frames, __ATOMIC_ACQUIRE);
    const HeldLock* locks = __atomic_load_n(&part.locks, __ATOMIC_ACQUIRE);
    if (frames == nullptr) return;
    for (u32 i = 0; i < part.depth; ++i) push(frames[i]);
    lock_count_ = min(part.lock_count, kMaxHeldLocks);
    for (u32 i = 0; i < lock_count_; ++i) locks_[i] = locks[i];
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
      case EventType::Access:
      case EventType::Free: return access(word, typeOf(word[0]) == EventType::Free);
      case EventType::Group: group(word); return 4;
      case EventType::None: break;
    }
    return 1;
  }

  bool found() const { return found_; }

 private:
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

  u32 access(const u64* word, bool is_free) {
    const uptr address = word[0] >> kEventTypeBits & kAddressMask;
    size_t bytes = word[0] >> (kEventTypeBits + 48);
    const u32 length = bytes == 0 ? 3 : 2;
    if (bytes == 0) bytes = word[2];
    consider(address, bytes, static_cast<Kind>(word[1] >> 60), word[1] & kSitePcMask, is_free);
    return length;
  }

  void group(const u64* word) {
    const uptr address = word[0] >> kEventTypeBits & kAddressMask;
    const size_t words = word[0] >> (kEventTypeBits + 48);
    const Kind kind = static_cast<Kind>(word[1] >> 60);
    const uptr pc = word[1] & kAddressMask;
    for (size_t first = 0; first < words;) {
      const u64 component = word[2] >> (first * 4) & 0xf;
      size_t last = first + 1;
      while (last < words && (word[2] >> (last * 4) & 0xf) == component) ++last;
      consider(address + first * kWordSize, (last - first) * kWordSize, kind, pc + component, false);
      first = last;
    }
  }

  void consider(uptr address, size_t bytes, Kind kind, uptr pc, bool is_free) {
    if (epoch_ != target_ || !touches(address, bytes)) return;
    if (writes_ && !isWrite(kind)) return;
    found_ = true;
    out_.address = address;
    out_.bytes = bytes;
    out_.kind = kind;
    out_.is_free = is_free;
    out_.is_volatile = (pc & kVolatileSite) != 0;
    out_.frames[0] = pc & kAddressMask;
    out_.frame_count = 1;
    for (u32 d = depth_; d > 0 && depth_ - d < kWindow && out_.frame_count < kMaxFrames; --d)
      out_.frames[out_.frame_count++] = frames_[(d - 1) % kWindow];
    out_.lock_count = lock_count_;
    for (u32 i = 0; i < lock_count_; ++i) out_.locks[i] = locks_[i];
  }

  const Epoch target_;
  const uptr line_;
  const u64 byte_mask_;
  const bool writes_;
  RestoredAccess& out_;
  bool found_ = false;
  Epoch epoch_ = 0;
  u32 depth_ = 0;
  u32 lock_count_ = 0;
  uptr frames_[kWindow];
  HeldLock locks_[kMaxHeldLocks];
};

}  // namespace

bool restoreAccess(const History& history, Epoch epoch, uptr line, u64 byte_mask, bool writes,
                   RestoredAccess& out) {
  Replay replay(epoch, line, byte_mask, writes, out);
  for (int attempt = 0; attempt < 4; ++attempt) {
    bool torn = false;
    const HistoryPart* part = __atomic_load_n(&history.first, __ATOMIC_ACQUIRE);
    while (part != nullptr && !torn) {
      const u64 generation = __atomic_load_n(&part->generation, __ATOMIC_ACQUIRE);
      const HistoryPart* next = __atomic_load_n(&part->next, __ATOMIC_ACQUIRE);
      const bool before_target = next != nullptr && next->first_epoch < epoch;
      if (!before_target && (generation & 1) == 0) {
        if (part->first_epoch > epoch) break;
        const u32 used = __atomic_load_n(&part->used, __ATOMIC_ACQUIRE);  // pairs with: publish
        replay.start(*part);
        for (u32 i = 0; i < used;) i += replay.apply(part->words + i);
      }
      __atomic_thread_fence(__ATOMIC_ACQUIRE);  // pairs with: startPart
      torn = __atomic_load_n(&part->generation, __ATOMIC_RELAXED) != generation;
      part = next;
    }
    if (!torn) return replay.found();
  }
  return replay.found();
}

}  // namespace hindsight
