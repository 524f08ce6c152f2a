#include "history/history.h"

#include "base/address_layout.h"
#include "base/arena.h"
#include "history/event_words.h"
#include "history/kept_history.h"

namespace hindsight {

u32 history_parts = 64;

namespace {

void takeSnapshot(History& history, HistoryPart& part) {
  const u32 depth = history.logged_depth;
  const u32 bytes =
      static_cast<u32>(depth * sizeof(uptr) + history.logged_lock_count * sizeof(HeldLock));
  if (part.snapshot_bytes < bytes || part.snapshot_bytes > 4 * bytes + 256) {
    if (part.frames != nullptr) arenaFree(part.frames, part.snapshot_bytes);
    part.frames = bytes == 0 ? nullptr : static_cast<uptr*>(arenaAllocate(bytes));
    part.snapshot_bytes = bytes;
  }
  part.depth = depth;
  part.lock_count = history.logged_lock_count;
  for (u32 i = 0; i < depth; ++i)
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): no frames, no memory for them
    part.frames[i] = history.stack.base[1 + i + copyDistance(history.stack)] & ~kLoggedFrame;
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
    if (++history.parts == history.max_parts) keepLiveEvents(history, *history.first);
  } else {
    part = history.first;
    keepLiveEvents(history, *part->next);
    history.first = part->next;
    history.first->previous = nullptr;
    __atomic_store_n(&part->generation, part->generation + 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);  // pairs with: restoreAccess
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

/// The lock goes from the list of those that the log says are held. Returns its address.
HINDSIGHT_ALWAYS_INLINE uptr takeLoggedLock(History& history, u32 index) {
  const uptr address = history.logged_locks[index].address;
  for (u32 i = index + 1; i < history.logged_lock_count; ++i)
    history.logged_locks[i - 1] = history.logged_locks[i];
  --history.logged_lock_count;
  return address;
}

void logUnlock(History& history, u32 index) {
  // The list first: should a part start with this event, its snapshot may lack the lock already.
  const uptr address = takeLoggedLock(history, index);
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

/// syncLocks if there is room for all its events. Returns whether there was.
HINDSIGHT_NOINLINE HINDSIGHT_KEEPS_REGISTERS bool logLocksShortly(History& history,
                                                                  HistoryPart& part) {
  if (part.used + history.logged_lock_count + 2 * history.lock_count > kPartWords) return false;
  u64* word = part.words + part.used;
  for (u32 i = history.logged_lock_count; i-- > 0;) {
    if (isAmong(history.logged_locks[i], history.locks, history.lock_count)) continue;
    *word++ = makeWord(EventType::Unlock, takeLoggedLock(history, i) & kAddressMask);
  }
  for (u32 i = 0; i < history.lock_count; ++i) {
    const HeldLock& lock = history.locks[i];
    if (isAmong(lock, history.logged_locks, history.logged_lock_count)) continue;
    *word++ = makeWord(EventType::Lock,
                       static_cast<u64>(lock.shared) << 48 | (lock.address & kAddressMask));
    *word++ = lock.pc;
    history.logged_locks[history.logged_lock_count++] = lock;
  }
  // pairs with: restoreAccess
  __atomic_store_n(&part.used, static_cast<u32>(word - part.words), __ATOMIC_RELEASE);
  return true;
}

/// The last entry of the shadow stack below `top` that the log knows. Calls that have been made
/// again since, from the same places, are the ones that it knows.
HINDSIGHT_ALWAYS_INLINE uptr* lastKnownEntry(const History& history, const uptr* top) {
  uptr* const base = history.stack.base;
  const uptr* const logged_end = base + history.logged_depth;
  uptr* const most = base + ((top - 1 < logged_end ? top - 1 : logged_end) - base);
  const size_t copies = copyDistance(history.stack);
  uptr* known = most;
  while ((*known & kLoggedFrame) == 0) --known;  // entry 0 is always logged
  while (known < most && known[1 + copies] == (known[1] | kLoggedFrame)) *++known |= kLoggedFrame;
  return known;
}

/// syncContext event by event: a part may end between two of them.
HINDSIGHT_NOINLINE void appendContextSlow(History& history, u32 common, u32 depth, Epoch epoch) {
  uptr* const base = history.stack.base;
  if (common != history.logged_depth) {
    history.logged_depth = common;
    logWord(history, EventType::Depth, common);
  }
  for (u32 i = common + 1; i <= depth; ++i) {
    const uptr pc = base[i];
    // Should a part start with this event, its snapshot must not hold it yet.
    u64* word = room(history, 1);
    *word = makeWord(EventType::Push, pc);
    publish(history, 1);
    base[i + copyDistance(history.stack)] = base[i] = pc | kLoggedFrame;
    history.logged_depth = i;
  }
  if (history.logged_epoch != epoch) {
    history.logged_epoch = epoch;
    logWord(history, EventType::Epoch, epoch);
  }
}

/// Brings the log's calling context, held locks and epoch up to date.
HINDSIGHT_NOINLINE void syncContext(History& history, const uptr* top, Epoch epoch) {
  if (HINDSIGHT_LIKELY(logContextShortly(history, top, epoch))) return;
  uptr* const base = history.stack.base;
  if (HINDSIGHT_UNLIKELY(!ownsEntry(history.stack, top))) top = base + 1;
  const u32 depth = static_cast<u32>(top - base) - 1;
  appendContextSlow(history, static_cast<u32>(lastKnownEntry(history, top) - base), depth, epoch);
  if (history.plain_epoch == 0) syncLocks(history);
  history.plain_epoch = epoch;
  history.plain_top = top;
}

HINDSIGHT_ALWAYS_INLINE bool contextIsLogged(const History& history, const uptr* top, Epoch epoch) {
  return static_cast<u32>(top - history.stack.base) - 1 == history.logged_depth &&
         (top[-1] & kLoggedFrame) != 0 && history.plain_epoch == epoch;
}

}  // namespace

bool logContextShortly(History& history, const uptr* top, Epoch epoch) {
  HistoryPart* const part = history.last;
  if (HINDSIGHT_UNLIKELY(part == nullptr || !ownsEntry(history.stack, top))) return false;
  if (history.plain_epoch == 0 && (history.lock_count | history.logged_lock_count) != 0 &&
      HINDSIGHT_UNLIKELY(!logLocksShortly(history, *part)))
    return false;
  uptr* const base = history.stack.base;
  const size_t copies = copyDistance(history.stack);
  uptr* known = lastKnownEntry(history, top);
  if (HINDSIGHT_UNLIKELY(part->used + static_cast<size_t>(top - known) + 1 > kPartWords))
    return false;
  u64* word = part->words + part->used;
  if (known != base + history.logged_depth)
    *word++ = makeWord(EventType::Depth, static_cast<u32>(known - base));
  while (++known < top) {
    *word++ = makeWord(EventType::Push, *known);
    known[copies] = *known |= kLoggedFrame;
  }
  if (history.logged_epoch != epoch) *word++ = makeWord(EventType::Epoch, epoch);
  history.logged_depth = static_cast<u32>(top - base) - 1;
  history.logged_epoch = history.plain_epoch = epoch;
  history.plain_top = top;
  // pairs with: restoreAccess
  __atomic_store_n(&part->used, static_cast<u32>(word - part->words), __ATOMIC_RELEASE);
  return true;
}

void initShadowStack(ShadowStack& stack, size_t program_stack_bytes) {
  // Handlers may run on an alternate stack that is larger than the thread's own: 2 MiB on x86-64,
  // of which every possible thread may have its part.
  const size_t least = (address_layout.runtime_end - address_layout.runtime_begin) >> 19;
  // A call takes at least 16 bytes of the program's stack (return address, alignment).
  const size_t bytes = roundUp(max(program_stack_bytes, least) / 2 + kPageSize, 1 << 16);
  if (stack.base == nullptr || stack.bytes != bytes) {
    if (stack.base != nullptr) unmapPages(stack.base, kShadowStackParts * stack.bytes);
    stack.base = static_cast<uptr*>(reservePages(kShadowStackParts * bytes));
    stack.bytes = bytes;
  }
  stack.base[0] = kLoggedFrame;
}

u32 copyFrames(const ShadowStack& stack, const uptr* top, uptr* out, u32 capacity) {
  if (!ownsEntry(stack, top)) return 0;
  u32 count = 0;
  for (const uptr* entry = top - 1; entry > stack.base && count < capacity; --entry)
    out[count++] = *entry & ~kLoggedFrame;
  return count;
}

void initHistory(History& history, u32 max_parts, Slot slot) {
  history.max_parts = max_parts;
  history.logged_depth = 0;
  history.logged_epoch = history.plain_epoch = 0;
  history.plain_top = nullptr;
  history.slot = slot;
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
  history.plain_top = nullptr;
  history.parts = 0;
  destroyKeptHistory(history);
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
    history.logged_epoch = history.plain_epoch = epoch;
    history.plain_top = top;
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

}  // namespace hindsight
