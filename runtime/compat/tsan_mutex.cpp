// tsan_mutex.cpp - locks that the program makes itself and describes by __tsan_mutex_*
// (sanitizer/tsan_interface.h; abseil's Mutex does).
//
// Between the two calls around an operation the lock's own code runs: its accesses and its
// synchronisation (futexes, other locks, atomics) are ignored, so that the lock orders what a lock
// orders and no more. A divert lets the program's code run in between (a condition that the lock
// evaluates).
//
// Thread safety: any thread. Allocation: none.
#include "base/types.h"
#include "intercept/intercepted_call.h"
#include "sync/sync.h"
#include "threads/thread.h"

using namespace hindsight;

namespace {

// As in tsan_interface.h. The flags of creation say nothing that matters here: every lock may be
// taken again by its owner.
constexpr unsigned kLinkerInit = 1 << 0, kReadLock = 1 << 3, kTryLock = 1 << 4,
                   kTryLockFailed = 1 << 5, kRecursiveLock = 1 << 6, kRecursiveUnlock = 1 << 7;
static_assert((kReadLock | kTryLock) == 0x18);

void beginIgnoring(Thread& thread) {
  beginIgnoredAccesses(thread);
  ++thread.ignore_sync;
}

void endIgnoring(Thread& thread) {
  endIgnoredAccesses(thread);
  if (thread.ignore_sync != 0) --thread.ignore_sync;
}

uptr keyOf(const void* lock) { return reinterpret_cast<uptr>(lock); }

}  // namespace

HINDSIGHT_EXPORT void __tsan_mutex_create(void* lock, unsigned flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  // One that was made at link time may be in use already.
  if (!call.bypass() && (flags & kLinkerInit) == 0)
    lockCreated(call.thread(), keyOf(lock), call.pc());
}

HINDSIGHT_EXPORT void __tsan_mutex_destroy(void* lock, unsigned flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass() && (flags & kLinkerInit) == 0)
    lockDestroyed(call.thread(), keyOf(lock), call.pc());
}

HINDSIGHT_EXPORT void __tsan_mutex_pre_lock(void*, unsigned) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) beginIgnoring(call.thread());
}

HINDSIGHT_EXPORT void __tsan_mutex_post_lock(void* lock, unsigned flags, int recursion) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return;
  endIgnoring(call.thread());
  if ((flags & kTryLockFailed) != 0) return;
  lockObtained(call.thread(), keyOf(lock),
               (flags & kReadLock) != 0 ? LockMode::Shared : LockMode::Exclusive, call.pc(),
               (flags & kTryLock) != 0 ? LockCall::Tries : LockCall::Waits);
  if ((flags & kRecursiveLock) != 0 && recursion > 0)
    setLockLevels(call.thread(), keyOf(lock), static_cast<u32>(recursion));
}

/// Returns the levels that are given up: for __tsan_mutex_post_lock when they are taken again.
HINDSIGHT_EXPORT int __tsan_mutex_pre_unlock(void* lock, unsigned flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return 0;
  const u32 held = lockLevels(call.thread(), keyOf(lock));
  u32 given_up = held != 0 ? 1 : 0;
  if ((flags & kRecursiveUnlock) != 0) {
    given_up = held;
    setLockLevels(call.thread(), keyOf(lock), 1);
  }
  lockReleasing(call.thread(), keyOf(lock));
  beginIgnoring(call.thread());
  return (flags & kReadLock) != 0 ? 0 : static_cast<int>(given_up);
}

HINDSIGHT_EXPORT void __tsan_mutex_post_unlock(void*, unsigned) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) endIgnoring(call.thread());
}

// Signalling a condition orders nothing by itself.
HINDSIGHT_EXPORT void __tsan_mutex_pre_signal(void*, unsigned) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) beginIgnoring(call.thread());
}
HINDSIGHT_EXPORT void __tsan_mutex_post_signal(void*, unsigned) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) endIgnoring(call.thread());
}

HINDSIGHT_EXPORT void __tsan_mutex_pre_divert(void*, unsigned) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) endIgnoring(call.thread());
}
HINDSIGHT_EXPORT void __tsan_mutex_post_divert(void*, unsigned) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) beginIgnoring(call.thread());
}
