// foreign_frames.h - calls of code that ThreadSanitizer's own passes have instrumented.
//
// Such code says where a function begins and ends, but nothing when an exception without a clean-up
// or longjmp leaves it. So each push notes the stack pointer of the function, in a mark beside the
// shadow stack's entry: a frame whose stack pointer lies below that of a function that still runs
// is gone.
//
//   mark:  [ low bits of the entry : 16 ][ stack pointer : 48 ]
//
// The entry's bits tell a mark from one that an earlier push left there (our own pass leaves none).
//
// Thread safety: everything acts on the calling thread. Allocation: none.
#pragma once

#include "base/types.h"
#include "history/shadow_stack.h"

namespace hindsight {

/// A function begins that returns to `pc`; `stack` is its stack pointer.
void enterForeignFrame(uptr pc, uptr stack);
/// A function ends. `stack` is its stack pointer or, at a tail call, its caller's; `pc` is where
/// the notice of the end returns to.
void leaveForeignFrame(uptr pc, uptr stack);
/// The function with this stack pointer goes on (longjmp): what it had called is gone. Where the
/// frames can be unwound, entry/left_frames.h does better.
void unwindForeignFrames(uptr stack);
/// Whether the entry was pushed here.
bool isForeignFrame(const ShadowStack& shadow, const uptr* entry);

}  // namespace hindsight
