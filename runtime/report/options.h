// options.h - takes the options over at the start of the program.
//
// In this order, later ones winning: the defaults of flags.def, what the program's own
// `const char* __tsan_default_options()` and `const char* __hindsight_default_options()` return,
// the environment variable HINDSIGHT.
//
// Thread safety: none; before main, on the first thread. Allocation: arena.
#pragma once

#include "report/suppressions.h"

namespace hindsight {

/// `environment` is the value of HINDSIGHT, null if it is not set. A bad option, and a suppression
/// file that cannot be read or has a bad line, end the program with a message and exit status 2;
/// `help=1` ends it with 0. Also makes the output ready (log_path).
void parseFlags(const char* environment);

/// Rules of `suppressions=` and of the program's `__tsan_default_suppressions()`.
Suppressions& suppressions();

}  // namespace hindsight
