// release.h - memory given back: the whole of it counts as written (SEMANTICS.md, "Memory").
#pragma once

#include "base/types.h"
#include "entry/access.h"

namespace hindsight {

/// From this size on only the parts with recorded accesses are looked at and marked: a large block
/// that was hardly used must not be made dense in the shadow.
inline constexpr size_t kLargeRelease = 1 << 20;

/// checkFree for memory of any size.
void checkRelease(Thread& thread, uptr address, size_t bytes, const AccessSite& site,
                  bool owns_pairs = false);

}  // namespace hindsight
