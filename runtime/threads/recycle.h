// recycle.h - stamps used again without forgetting anything that could still race.
//
// When no chunk of stamps is free, the world is stopped and the whole touched shadow is walked
// twice:
//   1. a recorded access that every live thread has already seen can race no more, as a future
//      thread knows at least what its creator knows: its cell becomes empty. The others are
//      counted.
//   2. these keep their epochs under new stamps, densely packed into sparse chunks.
//
//   slot 7, before   chunk 12 [ e100 . . . e16483 ]  chunk 31 [ e16484 . . e32867 ]  chunk 90 ...
//   still racy                      ^e4711                      ^e20000 ^e20001
//   after            chunk 12 [ e4711 e20000 e20001 ] sparse    chunk 31, 90 free
//
// A live thread's current chunk is left alone, so the cell in its registers stays valid. Shadow of
// memory that is not mapped any more is dropped: whatever is mapped there next starts afresh.
//
// Cost: one pause per 2^28 epochs of the whole process, about a second per GiB of checked memory in
// use; memory that is only reserved costs next to nothing (platform/touched_pages.h).
#pragma once

#include "base/types.h"

namespace hindsight {

/// Frees chunks of stamps; aborts with a message if there are none to free. The caller is inside
/// the runtime, holds no lock, and looks at no stamp but its current one across the call. If
/// meanwhile another thread has freed some, nothing happens, unless `even_if_free`. With
/// `gives_back`, pages of shadow that are empty afterwards go back to the system.
void recycleStamps(bool even_if_free = false, bool gives_back = false);

/// How often that has been done.
u32 recycleCount();

}  // namespace hindsight
