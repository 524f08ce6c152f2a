// lock_waits.h - threads that wait for each other's locks: a deadlock that has happened.
//
// A thread that holds locks and is about to wait for another says so in its record, then looks for
// a cycle: a thread that holds what it wants and waits itself, and so on, back to the first.
// Whoever comes last finds it. Only waiting threads are looked at, and their lists of locks do not
// change.
//
// A thread may still be marked as waiting for a moment after it got its lock. That closes no false
// cycle: going back from the thread that looks, each one waits for a lock that the next one surely
// has.
//
// Thread safety: any thread, inside the runtime (the registry lock). Allocation: none.
#pragma once

#include "base/types.h"
#include "sync/sync.h"

namespace hindsight {

/// The calling thread waits for `lock` from now on, until endLockWait. Returns whether that is a
/// deadlock, which has then been reported. Cost: a look at all threads.
bool beginLockWait(Thread& thread, uptr lock, LockMode mode, uptr pc);
/// It has the lock, or has given up.
void endLockWait(Thread& thread);

}  // namespace hindsight
