// wanted_epoch.h - epochs that a report waits for: what was accessed in them stays in kept history.
//
// The shadow names one access for each place. Who finds a race puts his own there, and from then on
// nothing but this says that the older one's event is still needed (history/kept_history.cpp). So
// an epoch is wanted before the shadow loses it (RacedEntries::add in core/line.h), and until the
// race has been reported, which may have to wait for other reports.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "core/stamps.h"

namespace hindsight {

/// Whether any epoch is wanted: the cheap question.
bool someAreWanted();
bool isWanted(Slot slot, Epoch epoch);

/// The accesses of this epoch are kept, as if the shadow still knew them, until unwantEpoch() is
/// called with what this returns. Of more than a few at once the rest is not heeded.
u32 wantEpoch(ThreadEpoch event);
void unwantEpoch(u32 place);

}  // namespace hindsight
