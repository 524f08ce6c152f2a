// lock_table.h - where locks were created, and where those last destroyed were, for reports.
//
// Only locks that the program creates by a call (pthread_mutex_init) are known; std::mutex and
// PTHREAD_MUTEX_INITIALIZER make none. An entry goes with its lock, or with the memory it lies in.
//
// Thread safety: any thread (one lock). Allocation: arena; 40 bytes or so for each live lock.
#pragma once

#include "base/types.h"

namespace hindsight {

/// One moment in a lock's life. `stack` is of history/stack_depot.h; 0 if nothing is known.
struct LockMoment {
  u32 thread;
  u32 stack;
};

void noteLockCreated(uptr lock, LockMoment moment);
void noteLockDestroyed(uptr lock, LockMoment moment);
/// The memory that the lock was in is something else now.
void forgetLockCreated(uptr lock);
LockMoment whereCreated(uptr lock);
/// Known for some hundred locks that were destroyed last.
LockMoment whereDestroyed(uptr lock);

}  // namespace hindsight
