// cell.h - the 32 bits of shadow that describe the last access to one aligned word.
//
//    31                                    4 3    0
//   [ stamp: chunk:14 | epoch in chunk:14   ][ mask ]
//
// A stamp names one epoch of one thread (core/stamps.h turns it into slot and epoch). Bit i of the
// mask stands for byte i of the word. Cell 0: never accessed. Mask 0 with a stamp: the word is
// "spilled", its accesses are kept in the line's record (core/line.h).
#pragma once

#include "base/types.h"

namespace hindsight {

using Cell = u32;

/// 28 bits: chunk << 14 | epoch in chunk. 0 is never handed out.
enum class Stamp : u32 {};

inline constexpr u32 kMaskBits = 4;
inline constexpr u32 kFullMask = 0xf;
inline constexpr Cell kEmptyCell = 0;
inline constexpr Cell kSpilledCell = 1u << kMaskBits;

constexpr Stamp stampOf(Cell cell) { return static_cast<Stamp>(cell >> kMaskBits); }
constexpr u32 maskOf(Cell cell) { return cell & kFullMask; }
constexpr Cell makeCell(Stamp stamp, u32 mask) {
  return static_cast<u32>(stamp) << kMaskBits | mask;
}
constexpr Cell withMask(Cell cell, u32 mask) { return (cell & ~kFullMask) | mask; }
constexpr bool sameStamp(Cell a, Cell b) { return ((a ^ b) >> kMaskBits) == 0; }

static_assert(maskOf(kSpilledCell) == 0 && kSpilledCell != kEmptyCell);

}  // namespace hindsight
