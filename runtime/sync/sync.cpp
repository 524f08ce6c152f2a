#include "sync/sync.h"

#include "base/flags.h"
#include "core/line.h"
#include "history/stack_depot.h"
#include "sync/lock_order.h"
#include "sync/lock_problem.h"
#include "sync/lock_table.h"
#include "sync/lock_waits.h"
#include "threads/thread.h"

namespace hindsight {

constinit void (*lock_problem_hook)(Thread& thread, const LockProblem& problem) = nullptr;

namespace {

// The readers' clock of a read-write lock lives beside the writers' (see sync.h).
constexpr uptr readersOf(uptr lock) { return lock + 1; }

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

void addHeld(Thread& thread, uptr lock, LockMode mode, uptr pc) {
  History& history = thread.history;
  const bool shared = mode == LockMode::Shared;
  if (HINDSIGHT_UNLIKELY(history.lock_count == kMaxHeldLocks)) {
    ++thread.unlisted_locks;
    return;
  }
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

/// The clocks at the offsets `bytes` of the line of `object` join the thread's, by a look without the
/// lock. `Unknown`: nothing has changed, the lock has to be taken.
HINDSIGHT_ALWAYS_INLINE Acquired acquireQuickly(Thread& thread, uptr object, u64 bytes) {
  const LineLook look(object);
  if (!look.isFree()) return Acquired::Unknown;
  SyncClock news;
  bool has_news = false;
  for (const SyncObject* sync = __atomic_load_n(&look.record().syncs, __ATOMIC_ACQUIRE); sync != nullptr;) {
    const SyncObject* const next = __atomic_load_n(&sync->next, __ATOMIC_ACQUIRE);
    if ((bytes >> __atomic_load_n(&sync->offset, __ATOMIC_RELAXED) % kLineSize & 1) != 0) {
      const Slot slot = __atomic_load_n(&sync->clock.slot, __ATOMIC_RELAXED);
      const Epoch epoch = __atomic_load_n(&sync->clock.epoch, __ATOMIC_RELAXED);
      if (slot >= kMaxSlots || epoch > thread.clock.epochs[slot]) {
        if (has_news) return Acquired::Unknown;
        copyUnlocked(news, sync->clock);
        has_news = true;
      }
    }
    if (next != nullptr && !look.isUnchanged()) return Acquired::Unknown;  // `next` may mean nothing
    sync = next;
  }
  if (!look.isUnchanged()) return Acquired::Unknown;
  if (!has_news) return Acquired::Done;
  if (!news.by_value && !news.empty()) return Acquired::Unknown;  // its snapshot may be given back
  joinInto(thread.clock, news);
  return Acquired::Done;
}

}  // namespace

void acquire(Thread& thread, uptr object) {
  if (!hasLineWord(object) || thread.ignore_sync != 0) return;
  if (peekRecord(object) == nullptr) return;  // nobody has released it
  if (acquireQuickly(thread, object, 1ull << object % kLineSize) == Acquired::Done) return;
  LineLock lock(object);
  if (const SyncObject* sync = findSyncObject(lock.record(), object))
    joinInto(thread.clock, sync->clock);
}

/// acquire of a lock's clock and of its readers', which are in the same line.
static void acquireBoth(Thread& thread, uptr object) {
  if (!hasLineWord(object) || thread.ignore_sync != 0) return;
  if (peekRecord(object) == nullptr) return;
  if (acquireQuickly(thread, object, 3ull << object % kLineSize) == Acquired::Done) return;
  LineLock lock(object);
  LineRecord* const record = lock.record();
  if (record == nullptr) return;
  for (const SyncObject* sync = record->syncs; sync != nullptr; sync = sync->next)
    if (sync->offset == object % kLineSize || sync->offset == readersOf(object) % kLineSize)
      joinInto(thread.clock, sync->clock);
}

void release(Thread& thread, uptr object) {
  if (!hasLineWord(object) || thread.ignore_sync != 0) return;
  {
    LineLock lock(object);
    merge(needSyncObject(lock.needRecord(), object).clock, thread.clock);
    bumpVersion(*lock.record());
  }
  tick(thread);
}

void releaseStore(Thread& thread, uptr object) {
  if (!hasLineWord(object) || thread.ignore_sync != 0) return;
  {
    LineLock lock(object);
    assign(needSyncObject(lock.needRecord(), object).clock, thread.clock);
    bumpVersion(*lock.record());
  }
  tick(thread);
}

void acquireRelease(Thread& thread, uptr object) {
  if (!hasLineWord(object) || thread.ignore_sync != 0) return;
  {
    LineLock lock(object);
    SyncClock& clock = needSyncObject(lock.needRecord(), object).clock;
    joinInto(thread.clock, clock);
    assign(clock, thread.clock);
    bumpVersion(*lock.record());
  }
  tick(thread);
}

void forgetSyncObject(uptr object) {
  if (!hasLineWord(object) || peekRecord(object) == nullptr) return;
  LineLock lock(object);
  LineRecord* record = lock.record();
  if (record == nullptr) return;
  for (SyncObject** link = &record->syncs; *link != nullptr; link = &(*link)->next) {
    SyncObject* found = *link;
    if (found->offset != object % kLineSize) continue;
    *link = found->next;
    bumpVersion(*record);
    disposeSyncObject(found);
    break;
  }
  lock.trim();
}

bool findUnorderedUnlock(Thread& thread, uptr lock, UnorderedRelease& found) {
  if (!hasLineWord(lock) || thread.ignore_sync != 0) return false;
  const uptr objects[] = {lock, readersOf(lock)};
  for (const uptr object : objects) {
    if (peekRecord(object) == nullptr) continue;
    LineLock line(object);
    const SyncObject* const sync = findSyncObject(line.record(), object);
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
  if (mode == LockMode::Exclusive && lock % kLineSize != kLineSize - 1) {
    acquireBoth(thread, lock);
  } else {
    acquire(thread, lock);
    if (mode == LockMode::Exclusive) acquire(thread, readersOf(lock));
  }
  if (HeldLock* held = findHeld(thread.history, lock)) {
    ++held->levels;
    return;
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
  if (!hasLineWord(lock)) return;
  LineLock line(lock);
  needSyncObject(line.needRecord(), lock).is_watched = true;
}

/// release of a lock's clock, or its readers', that the thread had taken at `stack`.
static HINDSIGHT_NOINLINE void releaseLock(Thread& thread, uptr object, u32 stack) {
  if (!hasLineWord(object) || thread.ignore_sync != 0) return;
  {
    LineLock lock(object);
    LineRecord& record = lock.needRecord();
    SyncObject& sync = needSyncObject(record, object);
    sync.stack = stack;
    merge(sync.clock, thread.clock);
    bumpVersion(record);
  }
  tick(thread);
}

void lockReleasing(Thread& thread, uptr lock) {
  History& history = thread.history;
  u32 held = history.lock_count;
  do {
    // Taken where we could not see it, or more locks held than we list.
    if (held == 0) return release(thread, lock);
  } while (history.locks[--held].address != lock);
  if (--history.locks[held].levels != 0) return;
  const uptr object = history.locks[held].shared ? readersOf(lock) : lock;
  const u32 taken_at = thread.held_stacks[held];
  removeHeld(thread, held);
  releaseLock(thread, object, taken_at);
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
}

bool isHeldShared(const Thread& thread, uptr lock) {
  for (u32 i = 0; i < thread.history.lock_count; ++i)
    if (thread.history.locks[i].address == lock) return thread.history.locks[i].shared;
  return false;
}

static void beginAnew(Thread& thread, uptr lock) {
  if (HeldLock* held = findHeld(thread.history, lock))
    removeHeld(thread, static_cast<u32>(held - thread.history.locks));
  forgetSyncObject(lock);
  forgetSyncObject(readersOf(lock));
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
  watched_object_gone = [](uptr lock) {
    forgetLockCreated(lock);
    forgetLockOrder(lock);
  };
}

}  // namespace hindsight
