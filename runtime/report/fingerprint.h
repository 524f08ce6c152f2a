// fingerprint.h - one number per race that stays the same from run to run and from edit to edit.
//
// Made of what the programmer sees: for each side the kind and size of the access, and the
// functions of its stack with file names (no directories) and lines counted from the start of the
// function, so that lines added above it change nothing. Recursion counts once. The two sides are
// interchangeable. A global variable's name enters as well. Addresses, threads and program counters
// do not enter.
//
// Thread safety: none. Allocation: temporary.
#pragma once

#include "report/race_report.h"
#include "report/symbolizer.h"

namespace hindsight {

/// The race's name in every report, baseline and merge. Never 0.
u64 raceFingerprint(const RaceReport& race, const SymbolSource& symbols);
/// The same without kinds and sizes: `++x` races as a read and as a write, on one address.
u64 racePlaceFingerprint(const RaceReport& race, const SymbolSource& symbols);
/// One stack as it enters the above; a lost one is as good as any other.
u64 stackFingerprint(const StackView& stack, const SymbolSource& symbols);
/// From program counters, kinds and the variable: cheap, valid in this process only. Never 0.
u64 raceIdentity(const RaceReport& race, const SymbolSource& symbols);

}  // namespace hindsight
