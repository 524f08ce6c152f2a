#include "sync/sync.h"

#include "base/arena.h"
#include "base/flags.h"
#include "core/line.h"
#include "core/tiny_memory.h"
#include "history/stack_depot.h"
#include "sync/lock_order.h"
#include "sync/lock_problem.h"
#include "sync/lock_table.h"
#include "sync/lock_waits.h"
#include "threads/thread.h"

namespace hindsight {

constinit void (*lock_problem_hook)(Thread& thread, const LockProblem& problem) = nullptr;

namespace {

HeldLock* findHeld(History& history, uptr lock) {
  for (u32 i = history.lock_count; i-- > 0;)
    if (history.locks[i].address == lock) return &history.locks[i];
  return nullptr;
}

/// Stacks of locks are kept: some check of their use is on.
constinit bool keeps_stacks = false;

u32 stackOf(const Thread& thread, uptr pc) {
  return keeps_stacks && thread.tls != nullptr
             ? depotPut(pc, thread.history.stack, thread.tls->stack)
             : 0;
}

HINDSIGHT_NOINLINE void addUnlisted(UnlistedLocks& unlisted, uptr lock, bool shared) {
  if (unlisted.count == unlisted.capacity) {
    const u32 capacity = max(16u, 2 * unlisted.capacity);
    auto* locks =
        static_cast<UnlistedLocks::Lock*>(arenaAllocate(capacity * sizeof(UnlistedLocks::Lock)));
    for (u32 i = 0; i < unlisted.count; ++i) locks[i] = unlisted.locks[i];
    if (unlisted.locks != nullptr)
      arenaFree(unlisted.locks, unlisted.capacity * sizeof(UnlistedLocks::Lock));
    unlisted.locks = locks;
    unlisted.capacity = capacity;
  }
  unlisted.locks[unlisted.count++] = {lock, shared};
}

/// Takes the lock once from those that are not listed, if it is among them. Returns whether it was
/// held to read.
bool removeUnlisted(UnlistedLocks& unlisted, uptr lock) {
  for (u32 i = unlisted.count; i-- > 0;) {
    if (unlisted.locks[i].address != lock) continue;
    const bool shared = unlisted.locks[i].shared;
    unlisted.locks[i] = unlisted.locks[--unlisted.count];
    return shared;
  }
  return false;
}

void addHeld(Thread& thread, uptr lock, LockMode mode, uptr pc) {
  History& history = thread.history;
  const bool shared = mode == LockMode::Shared;
  if (HINDSIGHT_UNLIKELY(history.lock_count == kMaxHeldLocks))
    return addUnlisted(thread.unlisted, lock, shared);
  thread.held_stacks[history.lock_count] = stackOf(thread, pc);
  history.locks[history.lock_count++] = {lock, pc, 1, shared};
  locksChanged(history);
}

void removeHeld(Thread& thread, u32 index) {
  History& history = thread.history;
  for (u32 next = index + 1; next < history.lock_count; ++next) {
    history.locks[next - 1] = history.locks[next];
    thread.held_stacks[next - 1] = thread.held_stacks[next];
  }
  --history.lock_count;
  locksChanged(history);
}

}  // namespace

namespace {

/// Copies a clock that may change meanwhile.
HINDSIGHT_ALWAYS_INLINE void copyUnlocked(SyncClock& to, const SyncClock& from) {
  u64 words[sizeof(SyncClock) / sizeof(u64)];
  static_assert(sizeof(words) == sizeof(SyncClock));
  for (u32 i = 0; i < sizeof(words) / sizeof(u64); ++i)
    words[i] = __atomic_load_n(reinterpret_cast<const u64*>(&from) + i, __ATOMIC_RELAXED);
  __builtin_memcpy(&to, words, sizeof(words));
}

enum class Acquired : u8 { Done, Unknown };

/// Which of an object's clocks are acquired, as the bits of their offset that count.
enum class Clocks : u32 { First = kReadersClock + kLineSize - 1, Both = kLineSize - 1 };
static_assert(kReadersClock == kLineSize && (kLineSize & (kLineSize - 1)) == 0);

HINDSIGHT_ALWAYS_INLINE bool isMeant(u32 offset, uptr object, Clocks clocks) {
  return (offset & static_cast<u32>(clocks)) == object % kLineSize;
}

/// Clocks of `object` join the thread's, by a look without the lock of the line. `Unknown`: nothing
/// has changed, the lock has to be taken.
HINDSIGHT_ALWAYS_INLINE Acquired acquireQuickly(Thread& thread, uptr object, Clocks clocks) {
  const LineLook look(object);
  if (!look.isFree()) return Acquired::Unknown;
  SyncClock news;
  bool has_news = false;
  for (const SyncObject* sync = __atomic_load_n(&look.record().syncs, __ATOMIC_ACQUIRE);
       sync != nullptr;) {
    const SyncObject* const next = __atomic_load_n(&sync->next, __ATOMIC_ACQUIRE);
    if (isMeant(__atomic_load_n(&sync->offset, __ATOMIC_RELAXED), object, clocks)) {
      const Slot slot = __atomic_load_n(&sync->clock.slot, __ATOMIC_RELAXED);
      const Epoch epoch = __atomic_load_n(&sync->clock.epoch, __ATOMIC_RELAXED);
      if (slot >= kMaxSlots || !tagIsKnown(slot, epoch, thread.clock.epochs[slot])) {
        if (has_news) return Acquired::Unknown;
        copyUnlocked(news, sync->clock);
        has_news = true;
      }
    }
    if (next != nullptr && !look.isUnchanged())
      return Acquired::Unknown;  // `next` may mean nothing
    sync = next;
  }
  if (!look.isUnchanged()) return Acquired::Unknown;
  if (!has_news) return Acquired::Done;
  if (!news.by_value && !news.empty()) return Acquired::Unknown;  // its snapshot may be given back
  joinInto(thread.clock, news);
  return Acquired::Done;
}

/// `object` has a line word.
HINDSIGHT_ALWAYS_INLINE void acquireKnown(Thread& thread, uptr object, Clocks clocks) {
  if (thread.ignore_sync != 0) return;
  if (peekRecord(object) == nullptr) return;  // nobody has released it
  if (acquireQuickly(thread, object, clocks) == Acquired::Done) return;
  LineLock lock(object);
  LineRecord* const record = lock.record();
  if (record == nullptr) return;
  for (const SyncObject* sync = record->syncs; sync != nullptr; sync = sync->next)
    if (isMeant(sync->offset, object, clocks)) joinInto(thread.clock, sync->clock);
}

HINDSIGHT_NOINLINE void acquireElsewhere(Thread& thread, uptr object, Clocks clocks) {
  if (hasLineWordBy(object)) acquireKnown(thread, object, clocks);
}

HINDSIGHT_ALWAYS_INLINE void acquireClocks(Thread& thread, uptr object, Clocks clocks) {
  if (HINDSIGHT_UNLIKELY(!isApplication(object))) return acquireElsewhere(thread, object, clocks);
  acquireKnown(thread, object, clocks);
}

/// `clock` is 0 or kReadersClock.
HINDSIGHT_ALWAYS_INLINE void releaseClock(Thread& thread, uptr object, u32 clock) {
  if (!hasLineWordBy(object) || thread.ignore_sync != 0) return;
  {
    LineLock lock(object);
    merge(needSyncObject(lock.needRecord(), object, clock).clock, thread.clock);
    bumpVersion(*lock.record());
  }
  tick(thread);
}

}  // namespace

void acquire(Thread& thread, uptr object) { acquireClocks(thread, object, Clocks::First); }
void release(Thread& thread, uptr object) { releaseClock(thread, object, 0); }

void releaseStore(Thread& thread, uptr object) {
  if (!hasLineWordBy(object) || thread.ignore_sync != 0) return;
  {
    LineLock lock(object);
    assign(needSyncObject(lock.needRecord(), object).clock, thread.clock);
    bumpVersion(*lock.record());
  }
  tick(thread);
}

void acquireRelease(Thread& thread, uptr object) {
  if (!hasLineWordBy(object) || thread.ignore_sync != 0) return;
  {
    LineLock lock(object);
    SyncClock& clock = needSyncObject(lock.needRecord(), object).clock;
    joinInto(thread.clock, clock);
    assign(clock, thread.clock);
    bumpVersion(*lock.record());
  }
  tick(thread);
}

static void forgetClocks(uptr object, Clocks clocks) {
  if (!hasLineWordBy(object) || peekRecord(object) == nullptr) return;
  LineLock lock(object);
  LineRecord* record = lock.record();
  if (record == nullptr) return;
  for (SyncObject** link = &record->syncs; *link != nullptr;) {
    SyncObject* found = *link;
    if (!isMeant(found->offset, object, clocks)) {
      link = &found->next;
      continue;
    }
    *link = found->next;
    bumpVersion(*record);
    disposeSyncObject(found);
  }
  lock.trim();
}

void forgetSyncObject(uptr object) { forgetClocks(object, Clocks::First); }

bool findUnorderedUnlock(Thread& thread, uptr lock, UnorderedRelease& found) {
  if (!hasLineWordBy(lock) || thread.ignore_sync != 0 || peekRecord(lock) == nullptr) return false;
  LineLock line(lock);
  constexpr u32 kClocks[] = {0, kReadersClock};
  for (const u32 clock : kClocks) {
    const SyncObject* const sync = findSyncObject(line.record(), lock, clock);
    if (sync == nullptr || sync->stack == 0) continue;  // no lock has ever been given back here
    const UnknownPast unknown = unknownOf(thread.clock, sync->clock);
    if (unknown.timelines == 0) continue;
    const bool is_last = sync->clock.slot != kNoSlot;
    found.by = unknown.timelines == 1 ? unknown.one : ThreadEpoch{kNoSlot, 0};
    found.stack = is_last ? sync->stack : 0;
    return true;
  }
  return false;
}

void lockObtained(Thread& thread, uptr lock, LockMode mode, uptr pc, LockCall how) {
  // Even a lock held already may have passed through other hands (an unlock that was not ours).
  acquireClocks(thread, lock, mode == LockMode::Exclusive ? Clocks::Both : Clocks::First);
  if (HeldLock* held = findHeld(thread.history, lock)) {
    const bool shared = mode == LockMode::Shared;
    if (HINDSIGHT_LIKELY(held->shared == shared)) {
      ++held->levels;
      return;
    }
    *held = {lock, pc, 1, shared};
    return locksChanged(thread.history);
  }
  if (HINDSIGHT_UNLIKELY(thread.history.lock_count != 0) && how == LockCall::Waits)
    noteLockOrder(thread, lock, mode, pc);
  addHeld(thread, lock, mode, pc);
}

void lockWanted(Thread& thread, uptr lock, LockMode mode, uptr pc) {
  if (!lock_order_on || thread.history.lock_count == 0 || lockLevels(thread, lock) != 0) return;
  const bool is_deadlock = beginLockWait(thread, lock, mode, pc);
  noteLockOrder(thread, lock, mode, pc, !is_deadlock);
}

void lockWaitOver(Thread& thread) {
  if (thread.wait.lock != 0) endLockWait(thread);
}

void noteLockAgain(Thread& thread, uptr lock, uptr pc) {
  if (thread.history.lock_count != 0) noteLockOrder(thread, lock, LockMode::Exclusive, pc);
}

void watchLock(uptr lock) {
  if (!hasLineWordBy(lock)) return;
  LineLock line(lock);
  needSyncObject(line.needRecord(), lock).is_watched = true;
}

/// release of a lock's clock (0 or kReadersClock) that the thread had taken at `stack`.
static HINDSIGHT_NOINLINE void releaseLock(Thread& thread, uptr object, u32 clock, u32 stack) {
  if (!hasLineWordBy(object) || thread.ignore_sync != 0) return;
  {
    LineLock lock(object);
    LineRecord& record = lock.needRecord();
    SyncObject& sync = needSyncObject(record, object, clock);
    sync.stack = stack;
    merge(sync.clock, thread.clock);
    bumpVersion(record);
  }
  tick(thread);
}

namespace {

/// What `holder` has listed of the lock that is being unlocked.
struct GivenBack {
  u32 clock;  // 0 or kReadersClock
  u32 taken_at;
  bool is_last;
};

/// One level, or all, of a lock that `holder` has listed are gone.
HINDSIGHT_ALWAYS_INLINE GivenBack giveBack(Thread& holder, u32 index, Unlock unlock) {
  HeldLock& held = holder.history.locks[index];
  const GivenBack given{held.shared ? kReadersClock : 0, holder.held_stacks[index],
                        unlock == Unlock::Frees || held.levels == 1};
  if (given.is_last)
    removeHeld(holder, index);
  else
    --held.levels;
  return given;
}

/// The parked contexts of an OS thread, one of which may have taken a lock.
struct HolderSearch {
  const Thread& running;
  uptr lock;
  Unlock unlock;
  bool found;
  GivenBack given;
};

void lookAtParked(Thread& other, void* argument) {
  auto& search = *static_cast<HolderSearch*>(argument);
  if (search.found || other.parked_stack == nullptr || other.os_tid != search.running.os_tid)
    return;
  const HeldLock* const held = findHeld(other.history, search.lock);
  if (held == nullptr) return;
  search.given = giveBack(other, static_cast<u32>(held - other.history.locks), search.unlock);
  search.found = true;
}

/// Unlocks what the thread has not listed: it was taken by another context of the same OS thread,
/// or where we could not see it, or there are more locks than we list.
HINDSIGHT_NOINLINE void releaseUnlisted(Thread& thread, uptr lock, Unlock unlock) {
  if (contexts_exist && !isHeldUnlisted(thread, lock)) {
    HolderSearch search{thread, lock, unlock, false, {}};
    lockRegistry();
    forEachThread(lookAtParked, &search);
    unlockRegistry();
    if (search.found) return releaseLock(thread, lock, search.given.clock, search.given.taken_at);
  }
  releaseClock(thread, lock, removeUnlisted(thread.unlisted, lock) ? kReadersClock : 0);
}

}  // namespace

void lockReleasing(Thread& thread, uptr lock, Unlock unlock) {
  const History& history = thread.history;
  u32 held = history.lock_count;
  do {
    if (held == 0) return releaseUnlisted(thread, lock, unlock);
  } while (history.locks[--held].address != lock);
  const GivenBack given = giveBack(thread, held, unlock);
  if (HINDSIGHT_LIKELY(given.is_last))
    releaseLock(thread, lock, given.clock, given.taken_at);
  else if (unlock == Unlock::Unknown)
    // Nobody else can take it yet if it is still held.
    releaseClock(thread, lock, given.clock);
}

u32 lockLevels(const Thread& thread, uptr lock) {
  for (u32 i = 0; i < thread.history.lock_count; ++i)
    if (thread.history.locks[i].address == lock) return thread.history.locks[i].levels;
  return 0;
}

void setLockLevels(Thread& thread, uptr lock, u32 levels) {
  if (HeldLock* held = findHeld(thread.history, lock)) held->levels = levels;
}

void abandonLocks(Thread& thread) {
  for (u32 i = 0; i < thread.history.lock_count; ++i)
    if (!thread.history.locks[i].shared) release(thread, thread.history.locks[i].address);
  for (u32 i = 0; i < thread.unlisted.count; ++i)
    if (!thread.unlisted.locks[i].shared) release(thread, thread.unlisted.locks[i].address);
}

bool isHeldUnlisted(const Thread& thread, uptr lock) {
  for (u32 i = 0; i < thread.unlisted.count; ++i)
    if (thread.unlisted.locks[i].address == lock) return true;
  return false;
}

bool isHeldShared(const Thread& thread, uptr lock) {
  for (u32 i = 0; i < thread.history.lock_count; ++i)
    if (thread.history.locks[i].address == lock) return thread.history.locks[i].shared;
  return false;
}

static void beginAnew(Thread& thread, uptr lock) {
  if (HeldLock* held = findHeld(thread.history, lock))
    removeHeld(thread, static_cast<u32>(held - thread.history.locks));
  while (HINDSIGHT_UNLIKELY(isHeldUnlisted(thread, lock))) removeUnlisted(thread.unlisted, lock);
  forgetClocks(lock, Clocks::Both);
  if (lock_order_on) forgetLockOrder(lock);
}

void lockCreated(Thread& thread, uptr lock, uptr pc) {
  beginAnew(thread, lock);
  if (!keeps_stacks || thread.ignore_sync != 0) return;
  noteLockCreated(lock, {thread.id, stackOf(thread, pc)});
  watchLock(lock);
}

void lockDestroyed(Thread& thread, uptr lock, uptr pc) {
  beginAnew(thread, lock);
  if (keeps_stacks) noteLockDestroyed(lock, {thread.id, stackOf(thread, pc)});
}

void initLockChecks() {
  lock_order_on = flags().detect_deadlocks;
  keeps_stacks = flags().report_mutex_bugs || flags().report_primitive_races || lock_order_on;
  watched_object_gone = [](uptr name) {
    const uptr lock = realAddress(name);
    forgetLockCreated(lock);
    forgetLockOrder(lock);
  };
}

}  // namespace hindsight
