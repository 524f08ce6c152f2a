// tsan_options.h - options in ThreadSanitizer's spelling, as __tsan_default_options() returns them.
//
// `name=value`, separated by white space, commas or colons. Options that both have mean the same
// and are taken over; the others, and values that we cannot take, are passed over: they tune
// another detector.
//
// Thread safety: none; before main. Allocation: as flags.h.
#pragma once

#include "base/flags.h"

namespace hindsight {

/// Applies what has a meaning here to `flags`. Names of the rest go to `passed_over`, one a line.
void parseTsanOptions(const char* text, Flags& flags, TextWriter& passed_over);

}  // namespace hindsight
