#include "sync/lock_misuse.h"

#include "base/flags.h"
#include "sync/lock_problem.h"
#include "threads/thread.h"

namespace hindsight {

namespace {

bool isWatched(const Thread& thread) {
  return flags().report_mutex_bugs && thread.ignore_sync == 0 && lock_problem_hook != nullptr;
}

void found(Thread& thread, LockProblemKind kind, LockType type, uptr lock, uptr pc) {
  lock_problem_hook(thread, {kind, type, lock, pc, nullptr, 0});
}

/// Whether another context of the same thread of the operating system holds the lock.
bool isHeldByFiber(const Thread& thread, uptr lock) {
  struct Search {
    const Thread* thread;
    uptr lock;
    bool held;
  } search{&thread, lock, false};
  lockRegistry();
  forEachThread(
      [](Thread& other, void* argument) {
        auto* wanted = static_cast<Search*>(argument);
        if (other.os_tid == wanted->thread->os_tid && other.state == ThreadState::Running &&
            lockLevels(other, wanted->lock) != 0)
          wanted->held = true;
      },
      &search);
  unlockRegistry();
  return search.held;
}

}  // namespace

void checkUnlock(Thread& thread, uptr lock, LockType type, LockState state, uptr pc) {
  if (!isWatched(thread) || state == LockState::Mine || state == LockState::Unknown) return;
  if (state == LockState::Destroyed)
    return found(thread, LockProblemKind::UseAfterDestroy, type, lock, pc);
  if (lockLevels(thread, lock) != 0 || isHeldUnlisted(thread, lock)) return;
  if (isHeldByFiber(thread, lock)) return;
  found(thread,
        state == LockState::Free         ? LockProblemKind::UnlockOfUnlocked
        : state == LockState::OthersRead ? LockProblemKind::ReadUnlockNotHeld
                                         : LockProblemKind::UnlockOfOthers,
        type, lock, pc);
}

void checkDoubleLock(Thread& thread, uptr lock, LockType type, LockMode mode, LockState state,
                     uptr pc) {
  if (!isWatched(thread) || lockLevels(thread, lock) == 0) return;
  // A read lock may be taken again by who reads; and libc knows the owner of a mutex.
  const bool shared = isHeldShared(thread, lock);
  if (shared && mode == LockMode::Shared) return;
  if (type == LockType::Mutex && state != LockState::Mine) return;
  if (type == LockType::ReadWrite && !shared && state != LockState::Mine) return;
  found(thread, LockProblemKind::DoubleLock, type, lock, pc);
}

void checkDestroy(Thread& thread, uptr lock, LockType type, LockState state, uptr pc) {
  if (!isWatched(thread) || state == LockState::Free || state == LockState::Unknown) return;
  found(thread,
        state == LockState::Destroyed ? LockProblemKind::UseAfterDestroy
                                      : LockProblemKind::DestroyLocked,
        type, lock, pc);
}

static void checkOrder(Thread& thread, LockProblemKind kind, uptr lock, LockType type, uptr pc) {
  UnorderedRelease unordered;
  if (lock_problem_hook == nullptr || !findUnorderedUnlock(thread, lock, unordered)) return;
  lock_problem_hook(thread, {kind, type, lock, pc, nullptr, 0, unordered});
}

void checkInitOrder(Thread& thread, uptr lock, LockType type, uptr pc) {
  checkOrder(thread, LockProblemKind::InitUnordered, lock, type, pc);
}

void checkDestroyOrder(Thread& thread, uptr lock, LockType type, uptr pc) {
  checkOrder(thread, LockProblemKind::DestroyUnordered, lock, type, pc);
}

void useAfterDestroy(Thread& thread, uptr lock, LockType type, uptr pc) {
  if (isWatched(thread)) found(thread, LockProblemKind::UseAfterDestroy, type, lock, pc);
}

}  // namespace hindsight
