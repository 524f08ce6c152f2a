// generator_locks.cpp - locks, conditions, semaphores, barriers, once, annotations.
#include <algorithm>
#include <utility>

#include "model/soak/generator.h"

namespace soak {

void Generator::lockOrUnlock(ThreadState& thread) {
  if (!thread.held.empty() && chance(60))
    return unlock(
        thread, thread.held[static_cast<std::size_t>(below(static_cast<int>(thread.held.size())))]);
  lock(thread, below(kLocks));
}

/// `thread` has the lock from now on.
void Generator::obtain(ThreadState& thread, int lock, bool shared) {
  thread.held.push_back(lock);
  LockState& state = locks_[lock];
  if (shared) {
    state.readers.insert(thread.id);
  } else {
    state.owner = thread.id;
    state.levels = 1;
    state.settled = true;
  }
}

void Generator::lock(ThreadState& thread, int lock) {
  LockState& state = locks_[lock];
  const LockKind kind = kLockKinds[lock];
  const bool shared = kind == LockKind::ReadWrite && chance(60);
  Step step{shared ? Op::ReadLock : Op::Lock, thread.id};
  step.object = lock;
  const bool holds = std::find(thread.held.begin(), thread.held.end(), lock) != thread.held.end();
  if (holds) {  // again: only recursive ones, and no edge of importance
    if (kind != LockKind::Recursive) return access(thread);
    ++state.levels;
    step.events = {on(What::Acquire, thread, lockObject(lock))};
    emit(std::move(step));
    return;
  }
  if (state.waiter >= 0) return access(thread);
  const bool free = state.owner < 0 && (shared || state.readers.empty());
  const Event obtained = on(shared ? What::LockShared : What::Lock, thread, lockObject(lock));
  if (free) {
    // One that waits for the condition may still have it, for a moment.
    if (state.settled && chance(30))
      step.op = shared ? Op::TryReadLock : Op::TryLock;
    else if (chance(20) && kind != LockKind::Spin && !shared)
      step.op = Op::TimedLock;
    step.events = {obtained};
    obtain(thread, lock, shared);
    emit(std::move(step));
    return;
  }
  if (chance(40)) {
    if (shared) return access(thread);
    step.op = Op::TryLockFails;
    emit(std::move(step));
    return;
  }
  std::set<int> holders = state.readers;
  if (state.owner >= 0) holders.insert(state.owner);
  const bool holders_ready = std::all_of(holders.begin(), holders.end(), [&](int id) {
    return threads_[static_cast<std::size_t>(id)].state == State::Ready;
  });
  if (!holders_ready || !mayBlock(thread) || kind == LockKind::Spin || state.condition_waiter >= 0)
    return access(thread);
  state.waiter = thread.id;
  Step complete{Op::Complete, thread.id};
  complete.events = {obtained};
  complete.variant = shared ? 1 : 0;
  block(std::move(step), std::move(complete), true);
}

void Generator::unlock(ThreadState& thread, int lock) {
  LockState& state = locks_[lock];
  const int next = state.waiter >= 0 ? state.waiter : state.condition_waiter;
  if (next >= 0 && threads_[static_cast<std::size_t>(next)].in_handler) return access(thread);
  Step step{Op::Unlock, thread.id};
  step.object = lock;
  if (state.owner == thread.id && --state.levels > 0) {
    emit(std::move(step));
    return;
  }
  thread.held.erase(std::find(thread.held.begin(), thread.held.end(), lock));
  if (state.owner == thread.id)
    state.owner = -1;
  else
    state.readers.erase(thread.id);
  step.events = {on(What::Unlock, thread, lockObject(lock))};
  emit(std::move(step));
  afterUnlock(lock);
}

/// Who waits for the lock gets it now.
void Generator::afterUnlock(int lock) {
  LockState& state = locks_[lock];
  if (state.owner >= 0) return;
  for (int i = 0; i < kConditions; ++i) {
    ConditionState& condition = conditions_[i];
    if (kConditionLocks[i] != lock || !condition.signalled) continue;
    const int id = condition.waiter;
    condition = {};
    state.condition_waiter = -1;
    emitComplete(id);
    obtain(threads_[static_cast<std::size_t>(id)], lock, false);
    return;
  }
  if (state.waiter < 0) return;
  const int id = state.waiter;
  ThreadState& thread = threads_[static_cast<std::size_t>(id)];
  const bool shared = thread.complete.variant == 1;
  if (!shared && !state.readers.empty()) return;
  state.waiter = -1;
  emitComplete(id);
  obtain(thread, lock, shared);
}

void Generator::condition(ThreadState& thread) {
  const int which = below(kConditions);
  ConditionState& condition = conditions_[which];
  LockState& guard = locks_[kConditionLocks[which]];
  if (condition.waiter < 0) {
    if (guard.owner == thread.id && guard.levels == 1 && guard.waiter < 0 && mayBlock(thread))
      return waitOn(thread, which);
    return lock(thread, kConditionLocks[which]);
  }
  // A signal is lost unless the wait has begun: whoever has had the lock since then knows that.
  if (!guard.settled) return lock(thread, kConditionLocks[which]);
  if (condition.signalled || threads_[static_cast<std::size_t>(condition.waiter)].in_handler)
    return access(thread);
  condition.signalled = true;
  Step step{chance(50) ? Op::CondSignal : Op::CondBroadcast, thread.id};
  step.object = which;
  emit(std::move(step));
  if (guard.owner < 0) afterUnlock(kConditionLocks[which]);
}

void Generator::waitOn(ThreadState& thread, int which) {
  const int lock = kConditionLocks[which];
  LockState& guard = locks_[lock];
  Step step{Op::CondWait, thread.id};
  step.object = which;
  step.variant = below(3);  // wait, timedwait, clockwait
  step.events = {on(What::Unlock, thread, lockObject(lock))};
  Step complete{Op::Complete, thread.id};
  complete.events = {on(What::Lock, thread, lockObject(lock))};
  conditions_[which].waiter = thread.id;
  guard.owner = -1;
  guard.condition_waiter = thread.id;
  guard.settled = false;
  thread.held.erase(std::find(thread.held.begin(), thread.held.end(), lock));
  block(std::move(step), std::move(complete), false);
}

void Generator::semaphore(ThreadState& thread) {
  const int which = below(kSemaphores);
  SemaphoreState& semaphore = semaphores_[which];
  if (chance(50)) return post(thread, which);
  Step step{Op::SemWait, thread.id};
  step.object = which;
  if (semaphore.value > 0) {
    --semaphore.value;
    if (chance(30)) step.op = Op::SemTryWait;
    step.events = {on(What::Acquire, thread, semaphoreObject(which))};
    emit(std::move(step));
  } else if (chance(30)) {
    step.op = Op::SemTryWaitFails;
    emit(std::move(step));
  } else if (semaphore.waiter < 0 && mayBlock(thread)) {
    semaphore.waiter = thread.id;
    Step complete{Op::Complete, thread.id};
    complete.events = {on(What::Acquire, thread, semaphoreObject(which))};
    block(std::move(step), std::move(complete), true);
  }
}

void Generator::post(ThreadState& thread, int which) {
  SemaphoreState& semaphore = semaphores_[which];
  if (semaphore.value > 5) return;
  const int waiter = semaphore.waiter;
  if (waiter >= 0 && threads_[static_cast<std::size_t>(waiter)].in_handler) return access(thread);
  Step step{Op::SemPost, thread.id};
  step.object = which;
  step.events = {on(What::Release, thread, semaphoreObject(which))};
  emit(std::move(step));
  if (waiter < 0) {
    ++semaphore.value;
  } else {
    semaphore.waiter = -1;
    emitComplete(waiter);
  }
}

bool Generator::barrierIsPending() const {
  return std::any_of(std::begin(barriers_), std::end(barriers_),
                     [](const BarrierState& barrier) { return !barrier.waiting.empty(); });
}

void Generator::barrier(ThreadState& thread) {
  const int which = below(kBarriers);
  BarrierState& barrier = barriers_[which];
  // A new one, or the old one again.
  if (barrier.waiting.empty() && (barrier.count == 0 || chance(30))) {
    if (barrierIsPending()) return;
    barrier.count = 2 + below(2);
    Step step{Op::BarrierInit, thread.id};
    step.object = which;
    step.other = barrier.count;
    emit(std::move(step));
  }
  const auto alive = std::count_if(threads_.begin(), threads_.end(), [](const ThreadState& each) {
    return each.state != State::Ended;
  });
  if (barrier.count == 0 || alive < barrier.count + 1 || somebodyJoins()) return;
  const bool other_pending = barrierIsPending() && barrier.waiting.empty();
  const bool is_last = static_cast<int>(barrier.waiting.size()) + 1 == barrier.count;
  // Whoever has a lock may keep others from getting here.
  if (other_pending || (!is_last && (!mayBlock(thread) || !thread.held.empty())))
    return access(thread);
  arrive(thread, barrier);
}

void Generator::arrive(ThreadState& thread, BarrierState& barrier) {
  const bool is_last = static_cast<int>(barrier.waiting.size()) + 1 == barrier.count;
  // The last one waits for the signal handlers: nobody does two things at once.
  if (barrier.waiting.empty()) barrier.phase = newObject();
  Step step{Op::BarrierWait, thread.id};
  step.object = static_cast<int>(&barrier - barriers_);
  step.events = {on(What::Release, thread, barrier.phase)};
  const Event departs = on(What::Acquire, thread, barrier.phase);
  if (!is_last) {
    barrier.waiting.push_back(thread.id);
    Step complete{Op::Complete, thread.id};
    complete.events = {departs};
    complete.variant = 2;
    block(std::move(step), std::move(complete), false);
    return;
  }
  step.events.push_back(departs);
  emit(std::move(step));
  for (const int id : barrier.waiting)
    threads_[static_cast<std::size_t>(id)].state = State::Departing;
  for (const int id : barrier.waiting)
    if (chance(50)) emitComplete(id);
  barrier.waiting.clear();
}

void Generator::once(ThreadState& thread) {
  const int which = below(kOnces);
  Step step{Op::Once, thread.id};
  step.object = which;
  step.events = {on(once_done_[which] ? What::Acquire : What::Release, thread, onceObject(which))};
  once_done_[which] = true;
  emit(std::move(step));
}

void Generator::raw(ThreadState& thread) {
  static constexpr Op kOps[] = {Op::RawAcquire, Op::RawRelease, Op::RawReleaseStore};
  static constexpr What kWhat[] = {What::Acquire, What::Release, What::ReleaseStore};
  const int which = below(3);
  Step step{kOps[which], thread.id};
  step.object = below(kRawObjects);
  step.events = {on(kWhat[which], thread, rawObject(step.object))};
  emit(std::move(step));
}

}  // namespace soak
