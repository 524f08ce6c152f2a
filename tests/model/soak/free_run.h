// free_run.h - threads that run freely, in a program of which is known what races on every
// schedule.
//
// A round has phases, with all threads between two of them. A phase opens with accesses to its own
// memory by all threads, before any of them synchronises: what conflicts there races, whatever
// happens. Then each thread does at random what is free of races: under locks of all kinds, with
// blocks that are handed on, in threads, handlers and forked children of its own. Reported must be
// the bytes that conflict, all of them and nothing else.
#pragma once

#include <cstdint>
#include <string>

namespace soak {

/// Plays one round; what was wrong, or nothing. `racing` grows by the bytes that race.
std::string runFreely(std::uint64_t seed, long& racing);

/// The detector reports a race; false if no free run is under way.
bool freeRunReported(const void* line, std::uint64_t bytes);

}  // namespace soak
