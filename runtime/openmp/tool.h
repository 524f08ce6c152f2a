// tool.h - what OpenMP's runtime tells us through OMPT, and what its calls ask about it.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "base/types.h"
#include "openmp/regions.h"

namespace hindsight {

/// The task that the calling thread runs; null outside of OpenMP, and if libomp does not talk to
/// us.
Task* currentTask();

}  // namespace hindsight
