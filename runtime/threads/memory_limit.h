// memory_limit.h - the option memory_limit_mb: what the process may have in memory, the program's
// own part included.
//
// When there is more, this is given up, in this order, until there is room; each is said once:
//   1. the history of older accesses beyond the ring, now and from now on: races with them are
//      found, but shown without their stack;
//   2. the shadow of what no live thread can race with any more: nothing is lost
//   (threads/recycle.h);
//   3. all that was accessed until now: races with it are not found.
// If the program itself is larger than the limit, that is said when step 3 has shown it; step 3 is
// left out from then on, until there is more to be gained by it.
//
// It is looked at when a thread releases something (every 256th epoch of a thread) and when it
// allocates a large block, at most every 20 ms.
#pragma once

#include "base/types.h"

namespace hindsight {

/// In bytes; 0: no limit. Set once at start.
extern u64 memory_limit;

/// The caller is inside the runtime, holds no lock, and looks at no stamp but its current one
/// across the call.
void keepMemoryLimit();
inline void lookAtMemoryLimit() {
  if (HINDSIGHT_UNLIKELY(memory_limit != 0)) keepMemoryLimit();
}

}  // namespace hindsight
