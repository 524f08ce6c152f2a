// range_simd.h - bulk compares of cells, for whole loops and large copies.
//
// Uses vector registers: only for callers with the ordinary calling convention.
#pragma once

#include "base/types.h"
#include "core/cell.h"

namespace hindsight {

/// Whether all of `count` cells equal `own`.
bool cellsEqual(const Cell* cells, size_t count, Cell own);
/// Stores `cell` in all of `count` cells, a multiple of 32. Each is written in one piece.
void fillCells(Cell* cells, size_t count, Cell cell);

}  // namespace hindsight
