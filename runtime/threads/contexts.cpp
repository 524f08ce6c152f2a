#include "threads/contexts.h"

#include "base/arena.h"
#include "base/spin_lock.h"
#include "core/tiny_memory.h"
#include "threads/thread.h"

namespace hindsight {

constinit u32 followed_contexts = 0;

namespace {

struct Context {
  Thread* fiber;
  uptr begin, end;  // of the stack
  Context* next;
};

/// By the page of the stack's last byte.
constexpr u32 kBuckets = 4096;
constinit Context* buckets[kBuckets] = {};
constinit SpinLock contexts_lock;
constinit u32 described = 0;  // by the program

/// More would take too many of the slots that threads need.
constexpr u32 kMostContexts = kMaxSlots / 2;

uptr pageOf(uptr address) { return address / kPageSize; }
Context*& bucketOf(uptr page) { return buckets[page % kBuckets]; }

u64 checkOf(const Thread& record) {
  return (reinterpret_cast<u64>(&record) + record.id + 1) * 0x9e3779b97f4a7c15ull;
}

bool isOn(const Thread& record, uptr stack_pointer) {
  return stack_pointer >= record.stack_begin && stack_pointer <= record.stack_end;
}

bool isFollowed(const Thread& record) { return record.is_fiber && record.stack_end != 0; }

bool isParked(const Thread& record) {
  return record.parked_stack != nullptr && record.state == ThreadState::Running;
}

/// Takes the parked contexts that overlap [begin, end) and end on a page of [first, last] out of
/// the chain, to `taken`. contexts_lock held.
void takeFrom(Context** link, uptr begin, uptr end, uptr first, uptr last, Context*& taken) {
  while (*link != nullptr) {
    Context* found = *link;
    const uptr page = pageOf(found->end - 1);
    if (page < first || page > last || found->begin >= end || found->end <= begin ||
        !isParked(*found->fiber)) {
      link = &found->next;
      continue;
    }
    *link = found->next;
    found->next = taken;
    taken = found;
    --followed_contexts;
  }
}

/// Ends the contexts that overlap [begin, end) and whose last byte is on a page up to that of
/// `last`.
void endContextsIn(uptr begin, uptr end, uptr last) {
  Context* taken = nullptr;
  const uptr first_page = pageOf(begin), last_page = pageOf(last);
  {
    SpinLockGuard guard(contexts_lock);
    const uptr chains = min<uptr>(last_page - first_page + 1, kBuckets);
    for (uptr i = 0; i < chains; ++i)
      takeFrom(&bucketOf(first_page + i), begin, end, first_page, last_page, taken);
  }
  while (taken != nullptr) {
    Context* context = taken;
    taken = context->next;
    destroyFiber(context->fiber);
    arenaFree(context, sizeof *context);
  }
}

/// The parked record on whose stack the pointer is; null if there is none.
Thread* findByStack(const Thread& running, uptr stack_pointer) {
  if (running.is_fiber && running.carrier != nullptr && isOn(*running.carrier, stack_pointer) &&
      isParked(*running.carrier))
    return running.carrier;
  SpinLockGuard guard(contexts_lock);
  for (Context* context : buckets)
    for (; context != nullptr; context = context->next)
      if (stack_pointer >= context->begin && stack_pointer <= context->end &&
          isParked(*context->fiber))
        return context->fiber;
  return nullptr;
}

Thread* findTarget(const Thread& running, const ContextTag* tag, uptr stack_pointer) {
  if (followed_contexts == 0) return nullptr;
  if (__atomic_load_n(&described, __ATOMIC_RELAXED) != 0 && !isFollowed(running)) return nullptr;
  if (tag != nullptr && tag->record != nullptr && tag->check != 0) {
    const ContextTag kept = *tag;
    // Only a record's address makes this check: nothing else is looked into.
    const u64 id_part = kept.check * 0xf1de83e19937733dull - reinterpret_cast<u64>(kept.record) - 1;
    if (id_part <= 0xffffffff && kept.record->id == id_part && isParked(*kept.record) &&
        isOn(*kept.record, stack_pointer))
      return kept.record;
  }
  if (isOn(running, stack_pointer)) return nullptr;
  return findByStack(running, stack_pointer);
}
static_assert(0x9e3779b97f4a7c15ull * 0xf1de83e19937733dull == 1);

}  // namespace

ContextTag tagOf(const Thread& running) {
  return {const_cast<Thread*>(&running), checkOf(running)};
}

ContextTag makeContext(Thread& creator, uptr pc, uptr stack_begin, uptr stack_end) {
  const ContextTag none = {nullptr, 0};
  if (stack_end <= stack_begin ||
      (!isApplication(stack_begin, stack_end - stack_begin) && !isTinyMemory(stack_begin)))
    return none;
  // The end of the last context there may have been a little higher.
  endContextsIn(stack_begin, stack_end, stack_end + kPageSize);
  if (__atomic_load_n(&described, __ATOMIC_RELAXED) != 0) return none;
  if (__atomic_load_n(&followed_contexts, __ATOMIC_RELAXED) >= kMostContexts) return none;
  Thread* fiber = createFiber(creator, pc, stack_end - stack_begin);
  fiber->stack_begin = stack_begin;
  fiber->stack_end = stack_end;
  auto* context = arenaNew<Context>();
  context->fiber = fiber;
  context->begin = stack_begin;
  context->end = stack_end;
  SpinLockGuard guard(contexts_lock);
  Context*& bucket = bucketOf(pageOf(stack_end - 1));
  context->next = bucket;
  bucket = context;
  ++followed_contexts;
  return tagOf(*fiber);
}

void followContext(Thread& running, const ContextTag* tag, uptr stack_pointer) {
  Thread* target = findTarget(running, tag, stack_pointer);
  if (target != nullptr && target != &running) switchFiber(running, *target, true);
}

void endContext(Thread& running, const ContextTag* successor, uptr stack_pointer) {
  Thread* target = findTarget(running, successor, stack_pointer);
  if (target == nullptr || target == &running) return;
  switchFiber(running, *target, true);
  if (isFollowed(running))
    forgetContextsIn(running.stack_begin, running.stack_end - running.stack_begin);
}

void leaveContextsToProgram() { __atomic_store_n(&described, 1, __ATOMIC_RELAXED); }

void abandonContexts() {
  for (Context*& bucket : buckets) {
    for (Context** link = &bucket; *link != nullptr;) {
      Context* const context = *link;
      if (isParked(*context->fiber) || context->fiber == currentThread()) {
        link = &context->next;
        continue;
      }
      *link = context->next;
      --followed_contexts;
      arenaFree(context, sizeof *context);
    }
  }
}

void forgetContextsIn(uptr begin, size_t bytes) {
  endContextsIn(begin, begin + bytes, begin + bytes - 1);
}

}  // namespace hindsight
