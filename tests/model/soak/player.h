// player.h - plays a script with real threads, one step at a time.
//
// A token goes from thread to thread by futexes. This code is not instrumented and calls nothing
// that the detector intercepts, so that the order of the steps is real but unknown to the detector:
// what it knows comes from the steps alone.
#pragma once

#include <cstdint>
#include <vector>

#include "model/soak/steps.h"

namespace soak {

/// What the detector said in one step.
struct Reported {
  std::size_t step;
  const unsigned char* line;
  std::uint64_t bytes;  // of the line
  int with_thread;      // of the script; -1: not known any more
  int by_thread;
  std::vector<int> offsets;  // of the raced bytes in the flat memory; empty: somewhere else
};

/// Plays `script` in the calling thread, its thread 0, and in new ones. `bank`: which set of locks
/// to use; a forked child cannot use its parent's. Returns what was reported.
std::vector<Reported> play(const Script& script, int bank);

/// How many threads this process and its ancestors have created.
extern std::uint32_t threads_created;

/// Whether a forked child, which plays the script of that seed, agrees with the oracle.
bool childAgrees(std::uint64_t seed);

/// Where everybody is, for the one who looks into a test that hangs. Async-signal-safe.
void describeSeats(int descriptor);

}  // namespace soak
