#include "sync/lock_order.h"

#include "base/spin_lock.h"
#include "history/stack_depot.h"
#include "sync/lock_graph.h"
#include "sync/lock_problem.h"
#include "threads/thread.h"

namespace hindsight {

constinit bool lock_order_on = false;

namespace {

constinit SpinLock graph_lock;
constinit LockGraph graph;
/// Changes whenever edges go: what the threads' tables know is from an older graph then.
constinit u32 generation = 0;

/// Names the nesting: the locks held, in any order, and the one taken. Never 0.
u64 keyOf(const History& history, uptr lock, bool shared, u32 now) {
  u64 held = 0;
  for (u32 i = 0; i < history.lock_count; ++i) {
    const u64 value =
        (history.locks[i].address << 1 | history.locks[i].shared) * 0x9e3779b97f4a7c15ull;
    held += value ^ value >> 29;
  }
  const u64 key = (held ^ (lock << 1 | shared)) * 0xbf58476d1ce4e5b9ull + now;
  return (key ^ key >> 31) | 1;
}

HINDSIGHT_NOINLINE void addOrder(Thread& thread, uptr lock, bool shared, uptr pc, bool reports) {
  const History& history = thread.history;
  LockGraph::Lock held[kMaxHeldLocks];
  static_assert(kMaxHeldLocks <= LockGraph::kMaxHeld);
  for (u32 i = 0; i < history.lock_count; ++i) {
    held[i] = {history.locks[i].address, history.locks[i].shared, thread.held_stacks[i]};
    watchLock(held[i].address);
  }
  watchLock(lock);
  const u32 stack = depotPut(pc, history.stack, thread.tls->stack);
  LockGraph::Cycle cycle;
  bool found;
  {
    SpinLockGuard guard(graph_lock);
    found = graph.add(thread.id, held, history.lock_count, {lock, shared, stack}, cycle);
  }
  if (!found || !reports || lock_problem_hook == nullptr) return;
  lock_problem_hook(thread, {LockProblemKind::PotentialDeadlock, LockType::Mutex, lock, pc,
                             cycle.links, cycle.count});
}

}  // namespace

void noteLockOrder(Thread& thread, uptr lock, LockMode mode, uptr pc, bool reports) {
  if (!lock_order_on || thread.ignore_sync != 0 || thread.tls == nullptr) return;
  const bool shared = mode == LockMode::Shared;
  const u32 now = __atomic_load_n(&generation, __ATOMIC_ACQUIRE);  // pairs with: forgetLockOrder
  const u64 key = keyOf(thread.history, lock, shared, now);
  u64& known = thread.known_orders[key >> 32 & (kKnownOrders - 1)];
  if (HINDSIGHT_LIKELY(known == key)) return;
  known = key;
  addOrder(thread, lock, shared, pc, reports);
}

void forgetLockOrder(uptr lock) {
  if (graph.nodes() == 0) return;  // a hint: this lock is not being taken now
  SpinLockGuard guard(graph_lock);
  if (graph.remove(lock)) __atomic_store_n(&generation, generation + 1, __ATOMIC_RELEASE);
}

}  // namespace hindsight
