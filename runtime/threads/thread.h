// thread.h - everything the runtime knows about one thread of the program, and the registry.
//
// Life: `createThread` (in the creator, before the real pthread_create) -> `startThread` (first
// thing in the new thread) -> `finishThread` (after the last thread-local destructor) ->
// `joinThread` (in whoever joins). A thread's timeline (slot) is handed on to a thread whose
// creator has seen its end, so short threads in a row use one slot and one row of stamps.
//
// Thread safety: a Thread is written by its own thread; `id`, `name`, creation data and history may
// be read by reporting threads under the registry lock or by the history's own protocol.
#pragma once

#include "base/address_layout.h"
#include "base/types.h"
#include "core/cell.h"
#include "core/vector_clock.h"
#include "history/history.h"

namespace hindsight {

struct Thread;

/// What instrumented code reads (hindsight/abi.h gives the offsets).
struct TlsBlock {
  u64 cell;          // current cell with full mask, twice; 0 in threads that are not checked
  uptr* stack;       // next free shadow stack entry
  sptr read_offset;  // of the thread's read image
#if !defined(__x86_64__)
  sptr write_offset;  // of the write image; 0 as long as `read_offset` is
#endif
  Thread* thread;
  u32 in_runtime;  // depth of RuntimeScopes; program signals wait while it is not 0
  u32 signals_pending;
  u64 postponed_mask;   // the signal mask to restore, if signals_pending
  uptr allocation_pc;   // of the operator new around the next malloc, or 0
  int* error;           // the thread's errno, while `thread` is set
  u32 parked;           // inside, but waiting for a stopped world and touching nothing
  u32 faults_blocked;   // the program has blocked SIGSEGV, which is ours (intercept/taken_faults.h)
  u32 waits_with_mask;  // in a system call that has another signal mask for its time
  u64 wait_mask;        // that mask, if waits_with_mask
  uptr inner_handler;   // frame above a handler of a fault that runs inside, or 0
  uptr held_line;       // in that handler, the address whose line is locked, or 0
                        // (intercept/inner_faults.h)
};
extern "C" constinit __attribute__((
    visibility("default"), tls_model("initial-exec"))) thread_local TlsBlock __hindsight_tls;

enum class ThreadState : u8 { Created, Running, Finished, Joined };

inline constexpr Epoch kNoEpoch = ~0u;
inline constexpr u32 kMaxStackDepth = 64;  // frames kept for creation and allocation stacks

/// Spans that the thread has recorded in one epoch: while it lasts and no shadow under them is
/// reset, they need no second look. `rows` times `bytes`, `stride` apart.
struct RecordedSpans {
  static constexpr u32 kCount = 8;
  struct {
    uptr begin;
    size_t bytes;
    uptr stride;
    size_t rows;
    Epoch epoch;
    u32 resets, large_resets;  // the counters then
    bool writes;
    bool used;  // of late
  } spans[kCount];
  u32 next;  // to replace, unless used
};

/// Atomic objects that the thread may have loaded in its current epoch: whether a look at them
/// without the lock of the line is worth it (entry/repeated_load.h).
class RecentLoads {
 public:
  /// Whether it may have loaded `address` in the epoch of `stamp`; from now on it has.
  HINDSIGHT_ALWAYS_INLINE bool add(uptr address, Stamp stamp) {
    Load& load = loads_[(address >> 3 ^ address >> 9) % kCount];
    if (load.stamp == stamp && load.address == address) return true;
    // Another one of the epoch is forgotten: all of them may have been loaded.
    if (HINDSIGHT_UNLIKELY(load.stamp == stamp)) crowded_ = stamp;
    load = {address, stamp};
    return HINDSIGHT_UNLIKELY(crowded_ == stamp);
  }

 private:
  static constexpr u32 kCount = 64;
  struct Load {
    uptr address;
    Stamp stamp;
  } loads_[kCount];
  Stamp crowded_;  // the epoch that has more loads than there is room for
};

/// The lock that a thread waits for while it holds others.
struct LockWait {
  uptr lock;  // 0: none
  bool shared;
  u32 stack;
};
/// Locks held beyond what history.locks has room for. A lock stands here once for each time that it
/// was taken.
struct UnlistedLocks {
  struct Lock {
    uptr address;
    bool shared;
  } * locks;  // arena
  u32 count, capacity;
};
inline constexpr u32 kKnownOrders = 64;
/// Depths of real calls that the thread is in and whose own locks (and, of an allocator, accesses)
/// are no business of the program's: part of Thread::ignore_sync and ignore_reads_writes.
struct InnerCalls {
  u32 unordered;
  u32 in_allocator;  // a malloc, free, ... that is not the C library's
};
/// The handler of the program's that a thread runs, as far as it is checked.
struct RunningHandler {
  int signal;  // 0: none
  uptr frame;  // of its caller
};

struct Thread {
  TlsBlock* tls;  // null before start and after finish
  u32 id;         // 0 = main; never reused
  u32 creator_id;
  ThreadState state;
  bool detached;
  Slot slot;
  u8 read_group;                  // which read image its reads go to
  u32 group_mark;                 // its bit in line words
  Epoch first_epoch, last_epoch;  // on the slot's timeline; the last is kNoEpoch while it goes on
  Stamp stamp;                    // current
  u32 chunk;                      // of `stamp`
  ThreadClock clock;
  SyncClock release_fence;    // Frel of SEMANTICS.md
  ThreadClock acquire_fence;  // Facq
  SyncClock final_clock;      // at the end, for joins
  History history;
  uptr tls_begin, tls_end;      // its static thread-local storage
  uptr stack_begin, stack_end;  // the program's stack with its TLS
  uptr handle;                  // pthread_t
  uptr start_function;          // that the thread runs; 0 if unknown
  int os_tid;
  u32 creation_frames;
  uptr creation_stack[kMaxStackDepth];
  char name[16];
  Thread* next;             // in the registry's list
  u32 ignore_reads_writes;  // annotation depth, `inner`, and kAlone (threads/alone.h)
  u32 ignore_sync;          // annotation depth, and `inner`
  InnerCalls inner;
  UnlistedLocks unlisted;          // held, but more than history.locks has room for
  u32 held_stacks[kMaxHeldLocks];  // where each of history.locks was taken (stack_depot.h)
  u64 known_orders[kKnownOrders];  // sync/lock_order
  LockWait wait;                   // sync/lock_waits
  RunningHandler handler;          // intercept/signal_safety
  RecordedSpans recorded;
  RecentLoads recent_loads;
  u32 resets;  // of shadow, by this thread or by who stops the world
  bool is_fiber;
  bool is_idle;        // parked, and nothing recorded in its current epoch
  uptr* parked_stack;  // shadow stack pointer of a fiber or thread that another fiber has replaced
  Thread* carrier;     // of a fiber that runs: the thread that it runs in
};

inline Cell currentCell(const Thread& thread) { return makeCell(thread.stamp, kFullMask); }

/// In `ignore_reads_writes`: the thread is alone, so nothing it does can race (threads/alone.h).
inline constexpr u32 kAlone = 1u << 31;
HINDSIGHT_ALWAYS_INLINE bool isAlone(const Thread& thread) {
  return (thread.ignore_reads_writes & kAlone) != 0;
}
/// An ignored region of the program begins: its plain accesses are neither checked nor recorded.
inline void beginIgnoredAccesses(Thread& thread) {
  ++thread.ignore_reads_writes;
  noQuickAccess(thread.history);
}
/// ... ends; an end without a beginning does nothing.
inline void endIgnoredAccesses(Thread& thread) {
  if ((thread.ignore_reads_writes & ~kAlone) != 0) --thread.ignore_reads_writes;
}
/// A real call begins that orders nothing by itself.
inline void beginUnordered(Thread& thread) {
  ++thread.ignore_sync;
  ++thread.inner.unordered;
}
/// ... ends; does nothing if a handler has left it by another way than to return.
inline void endUnordered(Thread& thread) {
  if (thread.inner.unordered == 0) return;
  --thread.inner.unordered;
  if (thread.ignore_sync != 0) --thread.ignore_sync;
}
/// A call of an allocator that is not the C library's begins.
inline void beginAllocator(Thread& thread) {
  beginUnordered(thread);
  beginIgnoredAccesses(thread);
  ++thread.inner.in_allocator;
}
inline void endAllocator(Thread& thread) {
  endUnordered(thread);
  if (thread.inner.in_allocator == 0) return;
  --thread.inner.in_allocator;
  endIgnoredAccesses(thread);
}
/// A handler interrupts the thread: it is the program's, whatever call it came in. Returns what to
/// put back when it returns; if it leaves by longjmp, the calls are left, too.
inline InnerCalls leaveInnerCalls(Thread& thread) {
  const InnerCalls inner = thread.inner;
  while (thread.inner.in_allocator != 0) endAllocator(thread);
  while (thread.inner.unordered != 0) endUnordered(thread);
  return inner;
}
inline void returnToInnerCalls(Thread& thread, const InnerCalls& inner) {
  for (u32 i = 0; i < inner.in_allocator; ++i) beginAllocator(thread);
  for (u32 i = inner.in_allocator; i < inner.unordered; ++i) beginUnordered(thread);
}
/// What the thread's inline checks compare with: its current cell twice, or empty cells.
inline u64 inlineCell(const Thread& thread) {
  const u64 cell = isAlone(thread) ? kEmptyCell : currentCell(thread);
  return cell << 32 | cell;
}

/// The calling thread, or null (not started, finished, foreign).
/// Where the inline checks of the calling thread look.
HINDSIGHT_ALWAYS_INLINE void setImages(TlsBlock& tls, const Thread& thread) {
#if !defined(__x86_64__)
  tls.write_offset = address_layout.write_offset;
#endif
  tls.read_offset = address_layout.read_offsets[thread.read_group];
}
HINDSIGHT_ALWAYS_INLINE Thread* currentThread() { return __hindsight_tls.thread; }

/// Ends the thread's epoch: what it does from now on is not covered by earlier releases. May
/// recycle stamps: no lock may be held. A timeline near its 2^32nd epoch is exchanged for a new
/// one.
void tick(Thread& thread);

/// Makes a thread's record; the new thread starts with what `creator` knows now (null for the main
/// thread). The creator's epoch ticks.
Thread* createThread(Thread* creator, uptr pc);
/// A thread that was made but never ran (pthread_create failed).
void discardThread(Thread* thread);
/// Makes the calling OS thread, which is inside the runtime, known to stoppers of the world. Before
/// that it must not touch anything of the runtime's; it must not wait for another thread from now
/// on.
void announceThread(Thread* thread);
/// Binds the record to the calling OS thread, which has been announced.
void startThread(Thread* thread, uptr stack_begin, uptr stack_end);
/// Last action of the calling thread. Detaches the TLS block: later accesses are not checked.
void finishThread(Thread* thread);
/// The calling thread has joined `joined`: its last action happened before now. Frees the record.
void joinThread(Thread& joiner, Thread* joined);
void detachThread(Thread* thread);

// Fibers: a user-level context has a record like a thread's, with clock, shadow stack and history
// of its own. At any time one record is bound to an OS thread: the thread's own or a fiber's. The
// others are parked: running, but with no TLS block.

/// Whether there has ever been one: an OS thread may then have several records.
extern bool contexts_exist;
inline constexpr size_t kLargestFiberStack = 8 << 20;
/// Makes a parked fiber, which starts with what `creator` knows now and will run on a stack of at
/// most `stack_bytes`.
Thread* createFiber(Thread& creator, uptr pc, size_t stack_bytes = kLargestFiberStack);
/// From now on the calling OS thread acts as `to`, which is parked, and no more as `from`. With
/// `ordered`, what `from` has done happens before what `to` does, and the fences of `from` are
/// fences of `to`: they are the OS thread's.
void switchFiber(Thread& from, Thread& to, bool ordered);
/// A parked fiber will run no more. Orders nothing.
void destroyFiber(Thread* fiber);

/// Reports call the thread `name`, cut to what the record holds.
void nameThread(Thread& thread, const char* name);

/// The thread has this pthread_t now. Whoever had it before has been joined or detached, though its
/// record may not know yet: whoever does that for it may be on the way back from the C library.
void giveHandle(Thread& thread, uptr handle);
/// The thread with this pthread_t that has not been joined yet; null if unknown.
Thread* findThreadByHandle(uptr handle);

/// Calls `visit(thread, argument)` for each registered thread. Registry lock held.
void forEachThread(void (*visit)(Thread& thread, void* argument), void* argument);
void lockRegistry();
void unlockRegistry();
/// Histories of finished threads that are kept for reports go. Only if none of what they did can
/// race.
void forgetFinishedHistories();
/// Whether `thread` is the only live one and has seen the end of every other. Registry lock held.
bool outlivesAll(const Thread& thread);

/// All that any thread has done so far happens before what `thread` does from now on; so does, as
/// far as can be told, what the others do until they release something. The world is stopped.
void joinEverybody(Thread& thread);

/// The thread that produced `stamp`'s epoch, or null if its record is gone. Registry lock held.
Thread* threadOf(ThreadEpoch event);
/// Whether there have ever been more threads at a time than read groups: two threads may then share
/// the cells of what they read.
extern HINDSIGHT_HIDDEN bool read_groups_are_shared;
/// Live threads (started or created, not finished).
u32 liveThreads();

/// In a forked child: the other threads exist no more, and what they did, or others that had ended
/// before, cannot race with what the child does. The world is stopped (registry locked).
void abandonOtherThreads();

/// Model tests: a thread that is not bound to an OS thread.
/// Its read group is chosen as usual if `read_group` is -1.
Thread* simulateThread(Thread* creator, int read_group = -1);

}  // namespace hindsight
