// stack_depot.h - call stacks kept once each and named by a number (allocation stacks).
//
// Open hashing with chains; equal stacks share one entry, entries are never removed. In front of
// the chains, whose entries are far apart, lies a small table of the stacks put last. Stacks whose
// hashes agree in the 47 bits that it compares count as equal: the probability that this happens to
// any two among 100,000 stacks is about 1 in 30,000. Thread safety: any thread; lookups of known
// stacks take no lock.
#pragma once

#include "base/types.h"
#include "history/shadow_stack.h"

namespace hindsight {

inline constexpr u32 kDepotFrames = 16;  // of a stack, at most

/// The number of the stack that consists of `pc` and the shadow stack below `top`, innermost first.
/// 0 if the depot is full. Cost of a recent stack: one multiplication per frame and one load.
u32 depotPut(uptr pc, const ShadowStack& stack, const uptr* top);
/// The number of any other sequence of words; 0 for an empty one.
u32 depotPut(const uptr* words, u32 count);
/// Frames of a stack; `count` receives how many.
const uptr* depotGet(u32 id, u32& count);

}  // namespace hindsight
