// past.h - whether what a cell says happened before now.
#pragma once

#include "core/cell.h"
#include "threads/thread.h"

namespace hindsight {

/// Nothing recorded, or something that happened before now. The cells of this thread's current
/// chunk of stamps are its own, and so in its past. A spilled cell says nothing: false.
HINDSIGHT_ALWAYS_INLINE bool isPast(const Thread& thread, Cell cell) {
  if (HINDSIGHT_LIKELY(cell == kEmptyCell || cell >> (kMaskBits + kChunkBits) == thread.chunk))
    return true;
  return cell != kSpilledCell && thread.clock.knows(stampOf(cell));
}

/// The same for one or two cells, which mostly are equal.
template <class Cells>
HINDSIGHT_ALWAYS_INLINE bool arePast(const Thread& thread, Cells cells) {
  const Cell first = static_cast<Cell>(cells);
  if (!isPast(thread, first)) return false;
  if constexpr (sizeof(Cells) == sizeof(Cell)) return true;
  const Cell second = static_cast<Cell>(cells >> 16 >> 16);
  return HINDSIGHT_LIKELY(first == second) || isPast(thread, second);
}

}  // namespace hindsight
