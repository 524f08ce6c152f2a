// live_access.h - is a thread's access still in the shadow, so that a race with it can come?
//
// Thread safety: the asking thread's own accesses, inside the runtime; takes no lock. "Yes" may be
// wrong; "no" is wrong only if another thread moves the record at this very moment (line.h, spillWords).
#pragma once

#include "base/types.h"
#include "core/address_map.h"
#include "core/line.h"
#include "core/stamps.h"
#include "history/event_words.h"

namespace hindsight {

/// Whether a cell or the record of some line of `access` has it under (slot, epoch).
bool isLive(Slot slot, u32 group, Epoch epoch, const AccessEvent& access);

}  // namespace hindsight
