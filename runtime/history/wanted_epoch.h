// wanted_epoch.h - epochs that a report waits for: what was accessed in them stays in kept history.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "core/stamps.h"

namespace hindsight {

/// Whether any epoch is wanted: the cheap question.
bool someAreWanted();
bool isWanted(Slot slot, Epoch epoch);

/// While alive, the accesses of this epoch are kept as if the shadow still knew them: a race with
/// one of them has been found, and its report may have to wait for others. More than a few at once
/// are not heeded.
class WantedEpoch {
 public:
  WantedEpoch() = default;
  explicit WantedEpoch(ThreadEpoch event) { want(event); }
  ~WantedEpoch();
  /// Once at most.
  void want(ThreadEpoch event);
  WantedEpoch(const WantedEpoch&) = delete;
  WantedEpoch& operator=(const WantedEpoch&) = delete;

 private:
  bool is_wanted_ = false;
  u32 place_;
};

}  // namespace hindsight
