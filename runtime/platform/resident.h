// resident.h - how much memory the process has in use.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

/// Pages of the process in memory, from /proc/self/statm; 0 if that cannot be told.
u64 residentPages();

}  // namespace hindsight
