// benign_races.h - memory whose races the program does not want to hear of
// (AnnotateBenignRaceSized).
//
// A race is left out if every byte that it was found on is in such a stretch. A stretch is
// forgotten when its heap block is freed, its memory is handed out afresh or becomes a new thread's
// stack, so that it hides no race on what comes to lie there later.
//
// Thread safety: any thread, inside a RuntimeScope. Allocation: from the arena, one entry per
// stretch.
#pragma once

#include "base/types.h"
#include "report/memory_names.h"

namespace hindsight {

/// Stretches there are; a quick look for those who forget memory.
extern u32 benign_races;

/// With 0 bytes: the size of what is at `start` is not known, and is that of the access.
void addBenignRace(uptr start, size_t bytes);
/// `bytes` as in RacedEntry: bit i is byte i of the line at `line`.
bool isBenignRace(uptr line, u64 bytes);
/// Forgets the stretches that begin in [start, start + bytes).
void forgetBenignRaces(uptr start, size_t bytes);

/// The memory is given back: what the program said of it concerns what was there.
HINDSIGHT_ALWAYS_INLINE void forgetAnnotations(uptr start, size_t bytes) {
  if (HINDSIGHT_UNLIKELY(__atomic_load_n(&benign_races, __ATOMIC_RELAXED) != 0))
    forgetBenignRaces(start, bytes);
  if (HINDSIGHT_UNLIKELY(__atomic_load_n(&memory_names, __ATOMIC_RELAXED) != 0))
    forgetMemoryName(start);
}

}  // namespace hindsight
