// race_found.h - from a verdict to a report: gathers both sides of a race and has it printed.
//
// Runs on a stack of its own with the program's vector registers saved, so that it may be called
// from an access check (preserve_all convention) on a thread with a very small stack.
#pragma once

#include "base/types.h"
#include "core/line.h"
#include "threads/thread.h"

namespace hindsight {

struct CurrentAccess {
  uptr address;
  size_t bytes;
  Kind kind;
  bool is_free;
  uptr pc;          // return address
  const uptr* top;  // shadow stack pointer
  u32 part = 0;     // of a check of several accesses, the one that is meant
};

/// Reports that `current`, made by `thread`, races with `prior`, recorded in the line at `line`.
/// The caller is inside the runtime and holds no lock.
void raceFound(Thread& thread, const CurrentAccess& current, uptr line, const RacedEntry& prior);

/// The same for each of `prior`, which is cleared.
void racesFound(Thread& thread, const CurrentAccess& current, uptr line, RacedEntries& prior);

/// Tests: called instead of gathering and printing when set.
extern void (*race_found_hook)(Thread& thread, const CurrentAccess& current, uptr line,
                               const RacedEntry& prior);

}  // namespace hindsight
