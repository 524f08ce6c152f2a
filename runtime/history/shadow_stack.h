// shadow_stack.h - the thread's calls as instrumented code sees them.
//
// Instrumented functions that call others push their return address at entry (one store through
// the TLS block's stack pointer) and put the pointer back at exit, after a landing pad and after
// setjmp returns: exceptions and longjmp leave nothing behind. Where the code that goes on is not
// instrumented, the unwinder's and longjmp's interceptors do (entry/left_frames.h).
//
//   entry:  [ logged : 1 ][ return address : 63 ]
//
// `logged` says that history already knows this very push: an entry pushed again overwrites it.
// Entry 0 is a sentinel that is always logged.
#pragma once

#include "base/types.h"

namespace hindsight {

inline constexpr uptr kLoggedFrame = 1ull << 63;

// Behind the entries, twice as much is reserved: a mark for each (entry/foreign_frames.h), and the
// entry as history has last logged it.
struct ShadowStack {
  uptr* base;    // the sentinel
  size_t bytes;  // of entries
};
inline constexpr size_t kShadowStackParts = 3;  // of that size

/// Whether `top` points to a free entry of this stack. It does not where a user-level context
/// (ucontext, fibers) that began in another thread goes on in this one: it still pushes its calls
/// there.
inline bool ownsEntry(const ShadowStack& stack, const uptr* top) {
  return static_cast<uptr>(top - stack.base) - 1 < stack.bytes / sizeof(uptr);
}
inline uptr* markOf(const ShadowStack& stack, const uptr* entry) {
  return stack.base + stack.bytes / sizeof(uptr) + (entry - stack.base);
}

/// How many entries behind an entry it stands as history has logged it last, flag included: what
/// the log says now, as long as its depth includes the entry.
inline size_t copyDistance(const ShadowStack& stack) { return 2 * (stack.bytes / sizeof(uptr)); }

/// As deep as a program stack of that size, or of the largest alternate stack that is expected, can
/// be.
void initShadowStack(ShadowStack& stack, size_t program_stack_bytes);

/// Copies return addresses of [stack.base + 1, top), innermost first, into `out`; returns how many.
u32 copyFrames(const ShadowStack& stack, const uptr* top, uptr* out, u32 capacity);

}  // namespace hindsight
