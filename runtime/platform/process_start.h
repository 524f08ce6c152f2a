// process_start.h - when this process began, by the clock of the file system.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

/// Nanoseconds since 1970, early by a hundredth of a second at most; 0 if that cannot be told. It
/// stays the same when the process executes another program.
u64 processStart();

}  // namespace hindsight
