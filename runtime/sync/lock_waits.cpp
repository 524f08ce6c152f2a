#include "sync/lock_waits.h"

#include "history/stack_depot.h"
#include "sync/lock_problem.h"
#include "threads/thread.h"

namespace hindsight {
namespace {

constexpr u32 kMaxWaiters = LockGraph::kMaxCycle;

struct Search {
  Thread* path[kMaxWaiters];  // path[0] looks; path[i + 1] holds what path[i] waits for
  u32 depth;
  Thread* seen[2 * kMaxWaiters];
  u32 seen_count;
  bool found;
};

/// Where `thread` holds what `waiter` waits for, in its list; -1 if it does not.
sptr obstacle(const Thread& thread, const Thread& waiter) {
  const u32 count = min(thread.history.lock_count, kMaxHeldLocks);
  for (u32 i = 0; i < count; ++i) {
    const HeldLock& held = thread.history.locks[i];
    if (held.address == waiter.wait.lock && !(held.shared && waiter.wait.shared)) return i;
  }
  return -1;
}

bool isWaiting(const Thread& thread) {
  return thread.state == ThreadState::Running &&
         __atomic_load_n(&thread.wait.lock, __ATOMIC_ACQUIRE) != 0;  // pairs with: beginLockWait
}

void extend(Search& search);

void visit(Thread& thread, void* argument) {
  auto& search = *static_cast<Search*>(argument);
  const Thread& waiter = *search.path[search.depth - 1];
  if (search.found || &thread == &waiter || !isWaiting(thread) || obstacle(thread, waiter) < 0)
    return;
  if (&thread == search.path[0]) {
    search.found = true;
    return;
  }
  for (u32 i = 0; i < search.seen_count; ++i)
    if (search.seen[i] == &thread) return;
  if (search.depth == kMaxWaiters || search.seen_count == 2 * kMaxWaiters) return;
  search.seen[search.seen_count++] = &thread;
  search.path[search.depth++] = &thread;
  extend(search);
  if (!search.found) --search.depth;
}

void extend(Search& search) { forEachThread(visit, &search); }

/// `thread` holds what `waiter` waits for, and waits.
LockGraph::Link linkOf(const Thread& thread, const Thread& waiter) {
  const sptr held = obstacle(thread, waiter);
  const HeldLock& lock = thread.history.locks[held];
  return {lock.address, thread.wait.lock,         lock.shared,      thread.wait.shared,
          thread.id,    thread.held_stacks[held], thread.wait.stack};
}

}  // namespace

bool beginLockWait(Thread& thread, uptr lock, LockMode mode, uptr pc) {
  thread.wait.shared = mode == LockMode::Shared;
  thread.wait.stack =
      thread.tls != nullptr ? depotPut(pc, thread.history.stack, thread.tls->stack) : 0;
  LockGraph::Cycle cycle;
  Search search{{&thread}, 1, {}, 0, false};
  lockRegistry();
  __atomic_store_n(&thread.wait.lock, lock, __ATOMIC_RELEASE);  // pairs with: isWaiting
  extend(search);
  if (search.found) {
    cycle.count = search.depth;
    for (u32 i = 0; i < search.depth; ++i)
      cycle.links[i] = linkOf(*search.path[i], *search.path[i == 0 ? search.depth - 1 : i - 1]);
  }
  unlockRegistry();
  if (search.found && lock_problem_hook != nullptr)
    lock_problem_hook(
        thread, {LockProblemKind::Deadlock, LockType::Mutex, lock, pc, cycle.links, cycle.count});
  return search.found;
}

void endLockWait(Thread& thread) {
  __atomic_store_n(&thread.wait.lock, 0, __ATOMIC_RELEASE);  // pairs with: isWaiting
}

}  // namespace hindsight
