// stack_depot.h - call stacks kept once each and named by a number (allocation stacks).
//
// Open hashing with chains; equal stacks share one entry, entries are never removed.
// Thread safety: any thread; lookups of known stacks take no lock.
#pragma once

#include "base/types.h"

namespace hindsight {

/// The number of the stack (innermost first); 0 for an empty one. Cost: one hash of the frames.
u32 depotPut(const uptr* frames, u32 count);
/// Frames of a stack; `count` receives how many.
const uptr* depotGet(u32 id, u32& count);

}  // namespace hindsight
