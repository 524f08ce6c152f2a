// stack_depot.h - call stacks kept once each and named by a number (allocation stacks).
//
// Open hashing with chains; equal stacks share one entry, entries are never removed. Two stacks of
// one length and one 64-bit hash count as equal: among a million stacks two differing ones are
// taken for each other with a probability of 3 in 100 million.
// Thread safety: any thread; lookups of known stacks take no lock.
#pragma once

#include "base/types.h"
#include "history/shadow_stack.h"

namespace hindsight {

inline constexpr u32 kDepotFrames = 16;  // of a stack, at most

/// The number of the stack that consists of `pc` and the shadow stack below `top`, innermost first.
/// 0 if the depot is full. Cost of a known stack: one multiplication per frame and two loads.
u32 depotPut(uptr pc, const ShadowStack& stack, const uptr* top);
/// Frames of a stack; `count` receives how many.
const uptr* depotGet(u32 id, u32& count);

}  // namespace hindsight
