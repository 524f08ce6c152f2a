// long_range.h - a plain access to many lines, several lines at once where they have the same past.
//
// Uses vector registers: only for callers with the ordinary calling convention.
#pragma once

#include "entry/access.h"

namespace hindsight {

/// The same as checkAccess.
void checkLongRange(Thread& thread, uptr address, size_t bytes, bool writes,
                    const AccessSite& site);

}  // namespace hindsight
