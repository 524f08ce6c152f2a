// lock_problem.h - what can be wrong with the use of locks, as sync/ finds it and report/ tells it.
//
// Thread safety: a record belongs to the thread that found the problem. Allocation: none.
#pragma once

#include "base/types.h"
#include "sync/lock_graph.h"
#include "sync/sync.h"

namespace hindsight {

enum class LockProblemKind : u8 {
  UnlockOfUnlocked,
  UnlockOfOthers,     // another thread holds it
  ReadUnlockNotHeld,  // others read; the caller does not
  DoubleLock,
  DestroyLocked,
  UseAfterDestroy,
  DestroyUnordered,  // after an unlock by another thread
  InitUnordered,
  PotentialDeadlock,
  Deadlock,
};

struct LockProblem {
  LockProblemKind kind;
  LockType type;
  uptr lock;
  uptr pc;                       // the caller's
  const LockGraph::Link* links;  // deadlocks only
  u32 link_count;
  UnorderedRelease unordered = {{kNoSlot, 0}, 0};  // DestroyUnordered, InitUnordered
};

/// Gathers and prints. The caller is inside the runtime and holds no lock. Null in tests without
/// report/.
extern void (*lock_problem_hook)(Thread& thread, const LockProblem& problem);

}  // namespace hindsight
