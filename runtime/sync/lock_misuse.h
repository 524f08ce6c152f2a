// lock_misuse.h - calls that POSIX leaves undefined: of locks that the caller does not hold, holds
// already, or that exist no more.
//
// Two witnesses must agree before anything is reported: what libc itself keeps in the lock
// (LockState) and the list of locks that the thread holds. A lock may have been taken where we
// could not see it, before a fork, or in another fiber of the same thread.
//
// Thread safety: any thread; a function acts for the calling thread. Allocation: none.
#pragma once

#include "base/types.h"
#include "sync/sync.h"

namespace hindsight {

/// What libc's own fields say of a lock.
enum class LockState : u8 {
  Unknown,
  Free,
  Mine,  // of the calling thread of the operating system
  Others,
  OthersRead,
  Destroyed,
};

/// Before an unlock. Nothing to find if the state is `Mine`.
void checkUnlock(Thread& thread, uptr lock, LockType type, LockState state, uptr pc);
/// Before a call that waits for a lock that is busy; not for locks that tell their owner instead.
void checkDoubleLock(Thread& thread, uptr lock, LockType type, LockMode mode, LockState state,
                     uptr pc);
/// Before a lock is destroyed that libc calls busy or destroyed.
void checkDestroy(Thread& thread, uptr lock, LockType type, LockState state, uptr pc);
/// When a lock begins (again) or ends: every unlock must have happened before.
void checkInitOrder(Thread& thread, uptr lock, LockType type, uptr pc);
void checkDestroyOrder(Thread& thread, uptr lock, LockType type, uptr pc);
/// Before a lock is taken or tried that libc calls destroyed.
void useAfterDestroy(Thread& thread, uptr lock, LockType type, uptr pc);

}  // namespace hindsight
