// unwind.h - the calling thread's real stack, through frames that are not instrumented.
//
// The shadow stack knows instrumented calls only; the way through a library that calls back (thread
// start in libstdc++, qsort) is found by unwinding with LLVM's libunwind and the tables that every
// x86-64 and AArch64 program carries. Costs microseconds: for reports and thread creation.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

/// Registers at one point of a function that is still running when `unwindFrom` is called.
/// Large enough for libunwind's context on every processor we run on.
struct UnwindContext {
  alignas(16) u64 words[96];
};

/// Fills `context` for the caller; must be inlined there, so that the frame stays alive.
#define HINDSIGHT_CAPTURE(context) unw_getcontext((context).words)
extern "C" int unw_getcontext(void* context);

/// Return addresses from `pc` (one of the frames above the capture) outwards, innermost first.
/// Returns how many; 0 if `pc` is not among the frames.
u32 unwindFrom(UnwindContext& context, uptr pc, uptr* out, u32 capacity);

}  // namespace hindsight
