// Compiled with vector registers: never called from an access check.
#include "core/vector_clock.h"

namespace hindsight {

bool maxInto(Epoch* epochs, const Epoch* other, u32 size) {
  u32 changed = 0;
  for (u32 i = 0; i < size; i += kClockStep) {
    for (u32 j = i; j < i + kClockStep; ++j) {
      const Epoch before = epochs[j];
      const Epoch after = before < other[j] ? other[j] : before;
      changed |= before ^ after;
      epochs[j] = after;
    }
  }
  return changed != 0;
}

}  // namespace hindsight
