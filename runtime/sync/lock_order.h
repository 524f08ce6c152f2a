// lock_order.h - the order in which threads take locks, and what is wrong with it.
//
// A thread that takes a lock while it holds others adds edges to one graph (sync/lock_graph.h); an
// edge that closes a cycle is reported. What a thread has added it does not add again: a small
// table of its own knows the locks held and taken by a hash. Taking a lock costs nothing more if no
// other is held, a few nanoseconds if the table knows the nesting, about a microsecond if not.
//
// Thread safety: any thread; a function acts for the calling thread, which is inside the runtime
// and holds no line. Allocation: the graph's.
#pragma once

#include "base/types.h"
#include "sync/sync.h"

namespace hindsight {

/// From the `detect_deadlocks` option.
extern bool lock_order_on;

/// `thread`, which holds other locks, takes `lock` by a call that waits for it. `reports`: a cycle
/// that this closes is reported; otherwise it counts as reported.
void noteLockOrder(Thread& thread, uptr lock, LockMode mode, uptr pc, bool reports = true);
/// The lock exists no more. May be called with a line locked.
void forgetLockOrder(uptr lock);

}  // namespace hindsight
