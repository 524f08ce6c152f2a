// drop_shadow.h - recorded accesses are forgotten, and their memory goes back to the system.
//
// Thread safety: the calling thread is alone, or the world is stopped.
#pragma once

#include "base/types.h"
#include "core/line.h"

namespace hindsight {

/// The accesses of the line's record, if it has one, are forgotten; its sync objects stay.
void forgetAccesses(LineLock& lock, uptr line);
/// Gives all cells, and all records of accesses, back to the system. False if it cannot be told
/// where records are; some may be gone then.
bool dropAllAccesses();

}  // namespace hindsight
