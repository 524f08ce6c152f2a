// mappings.h - the process's address space as the kernel lists it in /proc/self/maps.
//
// Thread safety: any thread. Other threads may map and unmap meanwhile: a mapping that exists all
// the time is listed, in ascending order; one may be listed twice when its neighbour changes.
// Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

/// Calls `visit` for each mapping [begin, end). Returns false if there is no list to be had.
bool forEachMapping(void (*visit)(uptr begin, uptr end, void* argument), void* argument);

}  // namespace hindsight
