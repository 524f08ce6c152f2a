// tsan_java.cpp - what a Java virtual machine tells of its heap and its locks
// (tsan_interface_java.h).
//
// There is one heap. A block is known by its size, which stands in a table at its first 8 bytes;
// free and move may mean several blocks at once. Memory that begins, ends or moves has no past, but
// what synchronises in it moves with it: the machine moves memory while all its threads stand
// still.
//
// Thread safety: any thread; nobody uses a block or a lock while it moves. Allocation: address
// space as large as the heap, a page of it for each page in which blocks begin.
#include "base/arena.h"
#include "base/flags.h"
#include "entry/access.h"
#include "intercept/intercepted_call.h"
#include "report/race_report.h"
#include "sync/moved_objects.h"
#include "sync/sync.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

using namespace hindsight;

namespace {

constexpr size_t kAlignment = 8;

struct JavaHeap {
  uptr begin;
  size_t bytes;
  u64* sizes;  // of the blocks that begin at each kAlignment bytes, or 0

  bool contains(uptr address, size_t size) const {
    return address - begin < bytes && size <= bytes - (address - begin);
  }
  u64* sizeAt(uptr address) const { return &sizes[(address - begin) / kAlignment]; }
};
constinit JavaHeap heap{};

/// No block begins in [address, address + bytes) any more.
void forgetBlocks(uptr address, size_t bytes) {
  for (uptr at = address; at < address + bytes; at += kAlignment)
    if (*heap.sizeAt(at) != 0) *heap.sizeAt(at) = 0;
}

void moveBlocks(uptr from, uptr to, size_t bytes) {
  __builtin_memmove(heap.sizeAt(to), heap.sizeAt(from), bytes / kAlignment * sizeof(u64));
  if (to > from)
    forgetBlocks(from, min(bytes, to - from));
  else
    forgetBlocks(max(from, to + bytes), min(bytes, from - to));
}

void takeLock(uptr pc, uptr lock, LockMode mode, int levels) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  lockObtained(call.thread(), lock, mode, pc);
  if (levels > 1) setLockLevels(call.thread(), lock, static_cast<u32>(levels));
}

int giveLock(uptr pc, uptr lock, bool all_levels) {
  InterceptedCall call(pc);
  if (call.bypass()) return 0;
  const u32 levels = lockLevels(call.thread(), lock);
  if (all_levels) setLockLevels(call.thread(), lock, 1);
  lockReleasing(call.thread(), lock);
  return static_cast<int>(levels);
}

}  // namespace

HINDSIGHT_EXPORT void __tsan_java_init(uptr begin, size_t bytes) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (heap.sizes != nullptr) return;
  heap = {begin, bytes, static_cast<u64*>(reservePages(bytes / kAlignment * sizeof(u64)))};
}

/// The status to exit with, or 0. The summary comes at the end of the process.
HINDSIGHT_EXPORT int __tsan_java_fini() { return reportCount() != 0 ? flags().exitcode : 0; }

HINDSIGHT_EXPORT void __tsan_java_alloc(uptr block, size_t bytes) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || !heap.contains(block, bytes)) return;
  forgetBlocks(block, bytes);
  *heap.sizeAt(block) = bytes;
  resetShadow(block, bytes);
}

HINDSIGHT_EXPORT void __tsan_java_free(uptr blocks, size_t bytes) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || !heap.contains(blocks, bytes)) return;
  forgetBlocks(blocks, bytes);
  resetShadow(blocks, bytes);
}

HINDSIGHT_EXPORT void __tsan_java_move(uptr from, uptr to, size_t bytes) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || !heap.contains(from, bytes) || !heap.contains(to, bytes)) return;
  const auto distance = static_cast<sptr>(to - from);
  moveBlocks(from, to, bytes);
  MovedObject* const objects = takeSyncObjects(from, bytes);
  resetShadow(from, bytes);
  resetShadow(to, bytes);
  putSyncObjects(objects, distance);
  moveHeldLocks(from, bytes, distance);
}

/// Declared by the interface, and nothing to do: every move has been told.
HINDSIGHT_EXPORT void __tsan_java_reset() {}

/// The first block that begins in [*from, to): stores where, returns its size. 0: none.
HINDSIGHT_EXPORT size_t __tsan_java_find(uptr* from, uptr to) {
  const RuntimeScope scope;
  if (!heap.contains(*from, 0) || to > heap.begin + heap.bytes) return 0;
  for (uptr at = *from; at < to; at += kAlignment) {
    if (*heap.sizeAt(at) == 0) continue;
    *from = at;
    return *heap.sizeAt(at);
  }
  return 0;
}

/// The finalizer's thread comes after whatever made the objects.
HINDSIGHT_EXPORT void __tsan_java_finalize() {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return;
  stopWorld(Stop::Recycle);
  joinEverybody(call.thread());
  resumeWorld();
}

HINDSIGHT_EXPORT void __tsan_java_mutex_lock(uptr lock) {
  takeLock(HINDSIGHT_CALLER_PC, lock, LockMode::Exclusive, 1);
}
HINDSIGHT_EXPORT void __tsan_java_mutex_unlock(uptr lock) {
  giveLock(HINDSIGHT_CALLER_PC, lock, false);
}
HINDSIGHT_EXPORT void __tsan_java_mutex_read_lock(uptr lock) {
  takeLock(HINDSIGHT_CALLER_PC, lock, LockMode::Shared, 1);
}
HINDSIGHT_EXPORT void __tsan_java_mutex_read_unlock(uptr lock) {
  giveLock(HINDSIGHT_CALLER_PC, lock, false);
}

// Object.wait gives up all levels and takes as many again.
HINDSIGHT_EXPORT void __tsan_java_mutex_lock_rec(uptr lock, int levels) {
  takeLock(HINDSIGHT_CALLER_PC, lock, LockMode::Exclusive, levels);
}
HINDSIGHT_EXPORT int __tsan_java_mutex_unlock_rec(uptr lock) {
  return giveLock(HINDSIGHT_CALLER_PC, lock, true);
}

HINDSIGHT_EXPORT void __tsan_java_acquire(uptr object) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) acquire(call.thread(), object);
}
HINDSIGHT_EXPORT void __tsan_java_release(uptr object) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) release(call.thread(), object);
}
HINDSIGHT_EXPORT void __tsan_java_release_store(uptr object) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) releaseStore(call.thread(), object);
}
