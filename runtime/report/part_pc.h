// part_pc.h - which line a part of a merged check stands on.
//
// The pass lays a mark, a no-op with the part's number in it, behind the call of the check for each
// part but the first (hindsight/abi.h). Instructions of the compiler may lie between.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

/// A pc with the line of part `part` of the check that returns to `pc`; `pc` itself for part 0, and
/// if the code is no longer there.
uptr pcOfPart(uptr pc, u32 part);

}  // namespace hindsight
