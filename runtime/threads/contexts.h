// contexts.h - user-level contexts that are followed without being announced: ucontext's and those
// of Boost.Context (intercept/contexts.cpp, fcontext.cpp).
//
// A context that is made gets a fiber (threads/thread.h), known by its stack. A context that is
// left keeps a tag that names the fiber or thread that was running; whoever goes on with it acts as
// that.
//
//   make:    tag.record = the new fiber          switch:  own tag.record = who runs now
//                                                          act as the target's tag.record
//
// A tag may be garbage, or of a context that is gone: it counts only if the record is the one it
// was made for, is parked, and the target's stack pointer lies on the record's stack. Otherwise the
// stack pointer is looked up; if it belongs to nobody, or to who runs already, nothing is switched.
//
// A fiber ends when its stack is given back or used for another context. Programs that describe
// their fibers (compat/tsan_fiber.cpp) are left to do so.
//
// Thread safety: any thread, inside a RuntimeScope. Allocation: arena, an entry for each fiber.
#pragma once

#include "base/types.h"

namespace hindsight {

struct Thread;

/// What a context that nobody runs remembers.
struct ContextTag {
  Thread* record;
  u64 check;
};

/// Fibers there are; a quick look for those who give memory back.
extern u32 followed_contexts;

/// A context has been made that will run on [stack_begin, stack_end). Its tag; an empty one if it
/// is not followed: the program describes its own, or there are too many.
ContextTag makeContext(Thread& creator, uptr pc, uptr stack_begin, uptr stack_end);
/// The tag of a context that `running` leaves now.
ContextTag tagOf(const Thread& running);
/// `running` is about to go on with the context of `tag` (null: none is kept) at `stack_pointer`.
void followContext(Thread& running, const ContextTag* tag, uptr stack_pointer);
/// The context that `running` is ends; `successor` as for followContext.
void endContext(Thread& running, const ContextTag* successor, uptr stack_pointer);

/// The program announces its fibers.
void leaveContextsToProgram();

/// In a forked child, before abandonOtherThreads: contexts that other threads were running are no
/// more. The world is stopped.
void abandonContexts();

/// Contexts whose stacks end in [begin, begin + bytes) are no more.
void forgetContextsIn(uptr begin, size_t bytes);
HINDSIGHT_ALWAYS_INLINE void forgetContexts(uptr begin, size_t bytes) {
  constexpr size_t kLeastStack = 1024;
  if (HINDSIGHT_UNLIKELY(__atomic_load_n(&followed_contexts, __ATOMIC_RELAXED) != 0) &&
      bytes >= kLeastStack)
    forgetContextsIn(begin, bytes);
}

}  // namespace hindsight
