#include "threads/thread.h"

#include <errno.h>

#include "base/arena.h"
#include "base/spin_lock.h"
#include "core/address_map.h"
#include "core/line.h"
#include "platform/syscalls.h"
#include "platform/unwind.h"
#include "threads/alone.h"
#include "threads/memory_limit.h"
#include "threads/recycle.h"
#include "threads/timelines.h"

namespace hindsight {

namespace {

/// The shadow stack of all threads that are not registered: made inside the C library, or not yet
/// started when a signal comes. They push their calls as others do; nobody reads them. As deep as a
/// program stack of 16 MiB.
uptr unregistered_stack[1 << 20];

constexpr TlsBlock unregistered() {
  // Cell 0: such a thread finds every fresh word "recorded already".
  TlsBlock block{};
  block.stack = unregistered_stack + 1;
#if defined(__x86_64__)
  block.read_offset = address_layout.read_offsets[0];
#endif  // elsewhere 0: a word that passes for its own cell sends the thread here in vain, no more
  return block;
}

}  // namespace

constinit __attribute__((tls_model("initial-exec"))) thread_local TlsBlock __hindsight_tls =
    unregistered();

constinit bool read_groups_are_shared = false;
constinit bool contexts_exist = false;

namespace {

constinit SpinLock registry_lock;
constinit Thread* threads = nullptr;  // all records with a live or kept thread
constinit u32 next_id = 0;
constinit u32 live_count = 0;
constinit u32 group_users[kReadGroups];  // live threads of each read group
constinit Thread* pool = nullptr;        // through `next`

// Finished threads whose records stay for reports; older ones are let go.
constexpr u32 kKeptThreads = 512;
constinit Thread* kept[kKeptThreads];
constinit u32 kept_next = 0;

void setStamp(Thread& thread, Stamp stamp) {
  thread.stamp = stamp;
  thread.chunk = static_cast<u32>(stamp) >> kChunkBits;
  epochChanged(thread.history);
  if (thread.tls != nullptr) thread.tls->cell = inlineCell(thread);
}

u32 needChunk(Slot slot, Epoch first) {
  for (;;) {
    const u32 chunk = takeChunk(slot, first);
    if (chunk != 0) return chunk;
    recycleStamps();
  }
}

void unlinkThread(Thread* thread) {
  for (Thread** link = &threads; *link != nullptr; link = &(*link)->next) {
    if (*link != thread) continue;
    *link = thread->next;
    return;
  }
}

/// The record's thread is finished and cannot be joined any more: keep it for reports a while.
void retire(Thread* thread) {
  dispose(thread->final_clock);
  Thread* oldest = kept[kept_next];
  kept[kept_next] = thread;
  kept_next = (kept_next + 1) % kKeptThreads;
  if (oldest == nullptr) return;
  unlinkThread(oldest);
  destroyHistory(oldest->history);
  oldest->next = pool;
  pool = oldest;
}

Thread* newRecord() {
  Thread* thread = pool;
  if (thread != nullptr) {
    pool = thread->next;
    const ShadowStack stack = thread->history.stack;
    const ThreadClock clock = thread->clock, fence = thread->acquire_fence;
    __builtin_memset(thread, 0, sizeof(Thread));
    thread->history.stack = stack;
    thread->clock = clock;
    thread->acquire_fence = fence;
  } else {
    thread = arenaNew<Thread>();
  }
  thread->final_clock = kEmptySyncClock;
  thread->release_fence = kEmptySyncClock;
  thread->acquire_fence.slot = kNoSlot;
  return thread;
}

/// Ends the thread's hold on clocks and locks; its epochs stay in its timeline.
void releaseClocks(Thread* thread) {
  clearThreadClock(thread->clock);
  if (thread->acquire_fence.epochs != nullptr) clearThreadClock(thread->acquire_fence);
  dispose(thread->release_fence);
  if (thread->unlisted.locks != nullptr)
    arenaFree(thread->unlisted.locks, thread->unlisted.capacity * sizeof(UnlistedLocks::Lock));
  thread->unlisted = {};
}

/// The read group with the fewest live threads.
u8 emptiestReadGroup() {
  u8 best = 0;
  for (u8 group = 1; group < kReadGroups; ++group)
    if (group_users[group] < group_users[best]) best = group;
  return best;
}

void joinReadGroup(Thread& thread, u8 group) {
  thread.read_group = thread.history.read_group = group;
  thread.group_mark = groupMark(group);
  if (++group_users[group] > 1) __atomic_store_n(&read_groups_are_shared, true, __ATOMIC_RELAXED);
}

Thread* makeThread(Thread* creator, uptr pc) {
  SpinLockGuard guard(registry_lock);
  Thread* thread = newRecord();
  thread->id = next_id++;
  thread->creator_id = creator != nullptr ? creator->id : 0;
  thread->state = ThreadState::Created;
  const Slot slot = takeSlot(creator);
  const Epoch epoch = beginTimeline(slot, *thread, creator != nullptr ? &creator->clock : nullptr);
  thread->slot = slot;
  joinReadGroup(*thread, emptiestReadGroup());
  thread->first_epoch = epoch;
  thread->last_epoch = kNoEpoch;
  initThreadClock(thread->clock, slot, epoch);
  if (creator != nullptr) {
    endAlone(*creator);
    joinInto(thread->clock, creator->clock);
    if (live_count == 1) raiseCommonPast(creator->clock);
    if (creator->tls != nullptr) {
      thread->creation_stack[0] = pc;
      thread->creation_frames = 1 + copyFrames(creator->history.stack, creator->tls->stack,
                                               thread->creation_stack + 1, kMaxStackDepth - 1);
    }
  }
  if (creator == nullptr) {
    forgetCommonPast();
    beginAlone(*thread);
  }
  initHistory(thread->history, history_parts, slot);
  thread->next = threads;
  threads = thread;
  ++live_count;
  return thread;
}

/// Gives the thread its first stamp (may recycle, so the registry must not be locked).
void giveStamp(Thread* thread) {
  const Slot slot = thread->clock.slot;
  const Epoch epoch = thread->clock.own();
  const u32 last = static_cast<u32>(timelineOf(slot).last_stamp);
  const bool fits = last != 0 && (last + 1) % kEpochsPerChunk != 0 &&
                    resolve(static_cast<Stamp>(last + 1)).epoch == epoch;
  const u32 stamp = fits ? last + 1 : needChunk(slot, epoch) << kChunkBits;
  setStamp(*thread, static_cast<Stamp>(stamp));
}

}  // namespace

void lockRegistry() { registry_lock.lock(); }
void unlockRegistry() { registry_lock.unlock(); }

void forEachThread(void (*visit)(Thread& thread, void* argument), void* argument) {
  for (Thread* thread = threads; thread != nullptr; thread = thread->next) visit(*thread, argument);
}

u32 liveThreads() { return __atomic_load_n(&live_count, __ATOMIC_RELAXED); }

void forgetFinishedHistories() {
  SpinLockGuard guard(registry_lock);
  for (Thread* thread : kept)
    if (thread != nullptr) destroyHistory(thread->history);
}

bool outlivesAll(const Thread& thread) {
  if (live_count != 1) return false;
  const auto end = static_cast<Slot>(slotsUsed());
  for (Slot slot = 0; slot < end; ++slot)
    if (timelineOf(slot).user != &thread && timelineOf(slot).last_epoch > thread.clock.epochs[slot])
      return false;
  return true;
}

void joinEverybody(Thread& thread) {
  const auto end = static_cast<Slot>(slotsUsed());
  for (Slot slot = 0; slot < end; ++slot) {
    const Thread* const user = timelineOf(slot).user;
    if (user == &thread) continue;
    SyncClock last = kEmptySyncClock;
    last.slot = slot;
    last.epoch = user != nullptr ? user->clock.own() : timelineOf(slot).last_epoch;
    joinInto(thread.clock, last);
    // It may still learn of others in that epoch, which who knows the epoch will not know.
    if (user != nullptr) disownTags(slot, last.epoch);
  }
}

namespace {

/// The epochs of the thread's timeline are used up: it goes on in another one, of which nobody
/// knows anything yet.
HINDSIGHT_NOINLINE void changeTimeline(Thread& thread) {
  SpinLockGuard guard(registry_lock);
  endTimeline(thread);
  thread.slot = thread.history.slot = takeSlot(nullptr);
  thread.first_epoch = beginTimeline(thread.slot, thread, &thread.clock);
  thread.last_epoch = kNoEpoch;
  moveThreadClock(thread.clock, thread.slot, thread.first_epoch);
}

HINDSIGHT_NOINLINE void tickIntoNewChunk(Thread& thread) {
  if (thread.clock.own() >= kLastEpoch) {
    changeTimeline(thread);
    const u32 chunk = needChunk(thread.slot, thread.first_epoch);
    return setStamp(thread, static_cast<Stamp>(chunk << kChunkBits));
  }
  const Epoch epoch = thread.clock.own() + 1;
  const u32 chunk = needChunk(thread.slot, epoch);
  thread.clock.epochs[thread.slot] = epoch;
  setStamp(thread, static_cast<Stamp>(chunk << kChunkBits));
}

}  // namespace

/// The limit is looked at once in so many epochs.
constexpr u32 kEpochsPerLook = 256;

void tick(Thread& thread) {
  const u32 next = static_cast<u32>(thread.stamp) + 1;
  if (HINDSIGHT_UNLIKELY(next % kEpochsPerChunk == 0)) return tickIntoNewChunk(thread);
  ++thread.clock.epochs[thread.clock.slot];
  setStamp(thread, static_cast<Stamp>(next));
  if (HINDSIGHT_UNLIKELY(next % kEpochsPerLook == 0)) lookAtMemoryLimit();
}

namespace {

/// The real stack is better than the shadow stack's where a library made the thread.
HINDSIGHT_NOINLINE void noteCreation(Thread& thread, uptr pc) {
  UnwindContext registers;
  HINDSIGHT_CAPTURE(registers);
  uptr frames[kMaxStackDepth];
  const u32 count = unwindFrom(registers, pc, frames, kMaxStackDepth);
  if (count < 2) return;
  for (u32 i = 0; i < count; ++i) thread.creation_stack[i] = frames[i];
  thread.creation_frames = count;
}

}  // namespace

Thread* createThread(Thread* creator, uptr pc) {
  reclaimTimelines(creator);
  Thread* thread = makeThread(creator, pc);
  if (creator != nullptr && creator->tls != nullptr) noteCreation(*thread, pc);
  giveStamp(thread);
  if (creator != nullptr) tick(*creator);
  return thread;
}

Thread* simulateThread(Thread* creator, int read_group) {
  Thread* thread = createThread(creator, 0);
  if (read_group >= 0) {
    SpinLockGuard guard(registry_lock);
    --group_users[thread->read_group];
    joinReadGroup(*thread, static_cast<u8>(read_group));
  }
  initShadowStack(thread->history.stack, 1 << 20);
  thread->state = ThreadState::Running;
  return thread;
}

void announceThread(Thread* thread) {
  SpinLockGuard guard(registry_lock);
  thread->tls = &__hindsight_tls;
}

void startThread(Thread* thread, uptr stack_begin, uptr stack_end) {
  thread->stack_begin = stack_begin;
  thread->stack_end = stack_end;
  initShadowStack(thread->history.stack, stack_end - stack_begin);
  thread->os_tid = static_cast<int>(sysGettid());
  TlsBlock& tls = __hindsight_tls;
  tls.stack = thread->history.stack.base + 1;
  setImages(tls, *thread);
  tls.error = &errno;
  SpinLockGuard guard(registry_lock);
  thread->state = ThreadState::Running;
  thread->tls = &tls;
  tls.thread = thread;
  setStamp(*thread, thread->stamp);
}

namespace {

/// Registry lock held.
void endThread(Thread& thread) {
  endTimeline(thread);
  --live_count;
  --group_users[thread.read_group];
  thread.final_clock = freeze(thread.clock);
  releaseClocks(&thread);
  thread.state = ThreadState::Finished;
}

/// What all timelines hold that nobody goes on in now happened before. Registry lock held.
void joinEnded(Thread& thread) {
  const auto end = static_cast<Slot>(slotsUsed());
  for (Slot slot = 0; slot < end; ++slot) {
    if (timelineOf(slot).user != nullptr) continue;
    SyncClock last = kEmptySyncClock;
    last.slot = slot;
    last.epoch = timelineOf(slot).last_epoch;
    joinInto(thread.clock, last);
  }
}

}  // namespace

void abandonOtherThreads() {
  Thread* self = currentThread();
  for (Thread* thread = threads; thread != nullptr; thread = thread->next) {
    if (thread == self || thread->state == ThreadState::Joined) continue;
    // A context that no thread is running is as alive here as it was there.
    if (thread->parked_stack != nullptr &&
        (thread->is_fiber || (self != nullptr && self->carrier == thread)))
      continue;
    if (thread->state == ThreadState::Finished) {
      if (self != nullptr) joinInto(self->clock, thread->final_clock);
      thread->detached = true;  // nobody here can join it
      continue;
    }
    if (self != nullptr) joinInto(self->clock, thread->clock);
    endThread(*thread);
    thread->tls = nullptr;
    thread->handle = 0;
    thread->start_function = 0;
    thread->state = ThreadState::Joined;
    retire(thread);
  }
  if (self == nullptr) return;
  joinEnded(*self);
  self->os_tid = static_cast<int>(sysGettid());
  if (outlivesAll(*self)) beginAlone(*self);
}

void discardThread(Thread* thread) {
  SpinLockGuard guard(registry_lock);
  endThread(*thread);
  thread->state = ThreadState::Joined;
  retire(thread);
}

void finishThread(Thread* thread) {
  giveOwnRecords();
  SpinLockGuard guard(registry_lock);
  TlsBlock* tls = thread->tls;
  thread->tls = nullptr;
  if (tls != nullptr) {
    tls->thread = nullptr;
    tls->cell = 0;
    // Late instrumented destructors still push and pop; the thread's own stack may be another's
    // soon.
    tls->stack = unregistered_stack + 1;
  }
  endThread(*thread);
  if (thread->detached) {
    thread->state = ThreadState::Joined;
    retire(thread);
  }
}

void joinThread(Thread& joiner, Thread* joined) {
  {
    SpinLockGuard guard(registry_lock);
    if (joined->state == ThreadState::Running) {
      // It ended without our key's destructor; its TLS block is gone with it.
      joined->tls = nullptr;
      endThread(*joined);
    }
    joinInto(joiner.clock, joined->final_clock);
    joined->state = ThreadState::Joined;
    retire(joined);
    if (!outlivesAll(joiner)) return;
  }
  beginAlone(joiner);
  forgetFinishedHistories();
  dropPast();
}

void detachThread(Thread* thread) {
  SpinLockGuard guard(registry_lock);
  thread->detached = true;
  if (thread->state != ThreadState::Finished) return;
  thread->state = ThreadState::Joined;
  retire(thread);
}

// --- Fibers --------------------------------------------------------------------------------------

Thread* createFiber(Thread& creator, uptr pc, size_t stack_bytes) {
  Thread* fiber = createThread(&creator, pc);
  initShadowStack(fiber->history.stack, stack_bytes);
  SpinLockGuard guard(registry_lock);
  contexts_exist = true;
  fiber->is_fiber = true;
  fiber->detached = true;
  fiber->is_idle = true;
  fiber->parked_stack = fiber->history.stack.base + 1;
  fiber->state = ThreadState::Running;
  return fiber;
}

/// What `from` has fenced counts for the atomic operations of `to`, and what it has loaded for the
/// fences of that.
static HINDSIGHT_NOINLINE void handOverFences(Thread& from, Thread& to) {
  if (!from.release_fence.empty()) merge(to.release_fence, from.release_fence);
  if (from.acquire_fence.size == 0) return;
  if (to.acquire_fence.epochs == nullptr) initThreadClock(to.acquire_fence, kNoSlot, 0);
  joinInto(to.acquire_fence, from.acquire_fence);
}

void switchFiber(Thread& from, Thread& to, bool ordered) {
  if (&from == &to) return;
  HINDSIGHT_CHECK(to.parked_stack != nullptr &&
                  "__tsan_switch_to_fiber: it runs in another thread");
  if (ordered) {
    joinInto(to.clock, from.clock);
    if (HINDSIGHT_UNLIKELY(!from.release_fence.empty() || from.acquire_fence.size != 0))
      handOverFences(from, to);
    tick(from);
  }
  SpinLockGuard guard(registry_lock);
  TlsBlock& tls = *from.tls;
  from.tls = nullptr;
  from.parked_stack = tls.stack;
  from.is_idle = ordered;
  if (to.is_fiber) to.carrier = from.is_fiber ? from.carrier : &from;
  to.os_tid = from.os_tid;
  to.is_idle = false;
  tls.thread = &to;
  tls.stack = to.parked_stack;
  setImages(tls, to);
  to.parked_stack = nullptr;
  to.tls = &tls;
  setStamp(to, to.stamp);
}

void destroyFiber(Thread* fiber) {
  // The epoch that began when it was parked has nothing in it: without it, whoever the last switch
  // ordered after the fiber knows all of its timeline, and may continue that.
  const u32 stamp = static_cast<u32>(fiber->stamp);
  if (fiber->is_idle && stamp % kEpochsPerChunk != 0 && fiber->clock.own() > fiber->first_epoch) {
    fiber->stamp = static_cast<Stamp>(stamp - 1);
    --fiber->clock.epochs[fiber->clock.slot];
  }
  discardThread(fiber);
}

void nameThread(Thread& thread, const char* name) {
  u32 i = 0;
  for (; i + 1 < sizeof(thread.name) && name[i] != '\0'; ++i) thread.name[i] = name[i];
  thread.name[i] = '\0';
}

void giveHandle(Thread& thread, uptr handle) {
  SpinLockGuard guard(registry_lock);
  for (Thread* other = threads; other != nullptr; other = other->next)
    if (other->handle == handle) other->handle = 0;
  thread.handle = handle;
}

Thread* findThreadByHandle(uptr handle) {
  SpinLockGuard guard(registry_lock);
  for (Thread* thread = threads; thread != nullptr; thread = thread->next)
    if (thread->handle == handle && thread->state != ThreadState::Joined) return thread;
  return nullptr;
}

Thread* threadOf(ThreadEpoch event) {
  // Several threads may have used the slot: the one whose first epoch is the latest not after it.
  Thread* best = nullptr;
  for (Thread* thread = threads; thread != nullptr; thread = thread->next) {
    if (thread->slot != event.slot || thread->first_epoch > event.epoch ||
        thread->last_epoch < event.epoch)
      continue;
    if (best == nullptr || thread->first_epoch > best->first_epoch) best = thread;
  }
  return best;
}

}  // namespace hindsight
