// cell_runs.h - stores to neighbouring cells; their line is locked.
#pragma once

#include "core/cell.h"

namespace hindsight {

using CellPair __attribute__((may_alias)) = u64;

HINDSIGHT_ALWAYS_INLINE void fillRun(Cell* cells, size_t count, Cell cell) {
  for (size_t i = 0; i < count; ++i) __atomic_store_n(cells + i, cell, __ATOMIC_RELAXED);
}

// Stores that change nothing would give memory to untouched pages of shadow.
HINDSIGHT_ALWAYS_INLINE void emptyRun(Cell* cells, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (cells[i] != kEmptyCell) __atomic_store_n(cells + i, kEmptyCell, __ATOMIC_RELAXED);
}
/// The marks of a write in read cells (judgeWord).
HINDSIGHT_ALWAYS_INLINE void markRun(Cell* cells, size_t count, Cell cell) {
  for (size_t i = 0; i < count; ++i)
    if (cells[i] != kEmptyCell) __atomic_store_n(cells + i, cell, __ATOMIC_RELAXED);
}

HINDSIGHT_ALWAYS_INLINE void emptyPairs(Cell* cells, size_t pairs) {
  auto* pair = reinterpret_cast<CellPair*>(cells);
  for (size_t i = 0; i < pairs; ++i)
    if (pair[i] != 0) __atomic_store_n(pair + i, 0, __ATOMIC_RELAXED);
}
HINDSIGHT_ALWAYS_INLINE void fillPairs(Cell* cells, size_t pairs, Cell cell) {
  auto* pair = reinterpret_cast<CellPair*>(cells);
  const u64 both = static_cast<u64>(cell) << 32 | cell;
  // Atomic, lest it should become a call of memset.
  for (size_t i = 0; i < pairs; ++i) __atomic_store_n(pair + i, both, __ATOMIC_RELAXED);
}

}  // namespace hindsight
