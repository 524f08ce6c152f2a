// sync.h - the one place through which every acquire, release and blocking operation goes.
//
// A sync object is any address that synchronises: a mutex, a semaphore, an atomic, a channel slot,
// a thread handle. It carries the clock S(x) of SEMANTICS.md. Objects appear on first release and
// vanish with the memory they live in (see core/shadow). A read-write lock has two clocks, the
// writers' and the readers'.
//
// Thread safety: any thread; each function acts on the calling thread's own clock.
// All functions must be called inside a RuntimeScope (InterceptedCall provides one).
#pragma once

#include "base/types.h"
#include "core/stamps.h"

namespace hindsight {

struct Thread;

/// C |= S(object). Nothing happens if nobody released it yet.
void acquire(Thread& thread, uptr object);
/// S(object) |= C, then the thread's epoch ticks.
void release(Thread& thread, uptr object);
/// S(object) := C, then the thread's epoch ticks.
void releaseStore(Thread& thread, uptr object);
/// Both, acquire first, in one step (read-modify-write).
void acquireRelease(Thread& thread, uptr object);
/// S(object) is forgotten: destroyed, or memory handed back.
void forgetSyncObject(uptr object);

/// A release that has not happened before what the thread does now.
struct UnorderedRelease {
  ThreadEpoch by;  // slot kNoSlot: one of several threads
  u32 stack;       // of a lock: where it had been taken (history/stack_depot.h); 0: not known
};
/// Whether there is one among those of the lock `lock`, as writer or reader.
bool findUnorderedUnlock(Thread& thread, uptr lock, UnorderedRelease& found);

enum class LockMode : u8 { Exclusive, Shared };
/// How a call gets a lock: one that would have waited for it makes an order of locks.
enum class LockCall : u8 { Waits, Tries };
enum class LockType : u8 { Mutex, ReadWrite, Spin };

/// Locks are to be known by where they were taken and created. Once, before the program runs.
void initLockChecks();

/// A lock has been obtained: acquires, and adds it to the locks held (shown in reports).
/// Exclusive acquires writers and readers; Shared acquires writers only. Recursive locks call this
/// at every level; only the outermost adds an entry. A lock that was held in the other mode has
/// become free in between, unseen.
void lockObtained(Thread& thread, uptr lock, LockMode mode, uptr pc,
                  LockCall how = LockCall::Waits);
/// The thread is about to wait for a lock that is busy, without end; lockWaitOver must follow.
/// Reports what that makes wrong: a deadlock, or one that could be.
void lockWanted(Thread& thread, uptr lock, LockMode mode, uptr pc);
void lockWaitOver(Thread& thread);
/// The thread, which has just given up a lock to wait for a condition, will then want it again.
void noteLockAgain(Thread& thread, uptr lock, uptr pc);
/// The checks of sync/ are told when the memory of `lock` becomes something else.
void watchLock(uptr lock);
/// What an unlock leaves of the lock in its caller's hands. The lock's own fields know better than
/// the list of locks held: a lock may become free without an unlock (a mutex that is made anew in
/// the child of a fork).
enum class Unlock : u8 {
  Unknown,  // as the list says; released at every level
  Frees,
  KeepsLevels
};
/// The lock is about to be released: releases, and removes it from the locks held; from those of
/// another context of the same OS thread if that has taken it.
/// Call it before the real unlock. Mode is looked up for read-write locks
/// (`pthread_rwlock_unlock`).
void lockReleasing(Thread& thread, uptr lock, Unlock unlock = Unlock::Unknown);
/// Whether the thread holds the lock, as a reader.
bool isHeldShared(const Thread& thread, uptr lock);
/// How many levels of a lock the thread holds; 0 if it is not known to hold it, or not listed.
u32 lockLevels(const Thread& thread, uptr lock);
/// Whether the thread holds the lock beyond those that it has room to list (kMaxHeldLocks).
bool isHeldUnlisted(const Thread& thread, uptr lock);
/// A lock that is held counts as taken `levels` times, at least once.
void setLockLevels(Thread& thread, uptr lock, u32 levels);
/// The thread ends with locks held: whoever gets one (EOWNERDEAD) is ordered after its last action.
void abandonLocks(Thread& thread);
/// A lock begins (again) at this address.
void lockCreated(Thread& thread, uptr lock, uptr pc);
/// The lock object is gone.
void lockDestroyed(Thread& thread, uptr lock, uptr pc);

}  // namespace hindsight
