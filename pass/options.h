// options.h - switches of the pass, from the environment variable HINDSIGHT_PASS: a comma
// separated list of `no-elide`, `no-merge`, `no-ranges`, `no-after-loops`, `no-split`, `no-escape`, `no-leaf`.
//
// They exist for tests (every elision is compared with the build without it) and for bug reports.
#pragma once

#include <string>

namespace hindsight {

struct Options {
  bool elide = true;
  bool merge = true;
  bool ranges = true;
  bool after_loops = true;
  bool split = true;
  bool escape = true;
  bool leaf = true;
};

/// Sets `error` to the first word that is not known.
Options parseOptions(const char* text, std::string& error);

}  // namespace hindsight
