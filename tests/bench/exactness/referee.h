// referee.h - starts the racing threads together and keeps count of the races reported.
//
// Everything here is compiled without instrumentation (referee.cpp), so the detector under test
// sees neither the meetings of the threads nor the counting: nothing orders the threads except
// what a case itself does. The counting hangs on a hook that the detector calls for every race it
// finds, before it folds equal reports: `__hindsight_on_race` for Hindsight, `__tsan_on_report`
// for ThreadSanitizer (with suppress_equal_stacks=0:suppress_equal_addresses=0).
#pragma once

#include <cstddef>

namespace referee {

/// Waits until `parties` threads are here, then lets all go at once, each after a random delay of
/// a few cycles, so that their accesses meet in every order. Needs as many processors as threads
/// for a simultaneous start; works with fewer.
void meet(unsigned parties);

/// From now on, count races on the `count` variables at `begin`, `begin + stride`, ...
void watch(const void* begin, std::size_t stride, std::size_t count);

struct Score {
  /// Variables on which at least one race was reported.
  std::size_t found;
  /// Races reported in all.
  std::size_t reports;
  /// Races reported at addresses that are no variable's.
  std::size_t stray;
  /// Per mille of the meetings that no thread slept through: the starts that were simultaneous.
  std::size_t together_per_mille;
};
Score score();

}  // namespace referee
