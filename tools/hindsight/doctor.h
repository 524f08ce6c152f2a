// doctor.h - `hindsight doctor`: will checked programs build and run on this machine?
//
// Thread safety: single-threaded tools. Allocation: the standard library's.
#pragma once

#include "common/layout.h"

#include <string>

namespace hindsight::tools {

/// Prints one line per check, with a cure under each problem. Returns the number of problems.
/// `named_clang` is the compiler to look at, or empty for the wrappers' own choice.
int runDoctor(const Layout& layout, const std::string& named_clang);

}  // namespace hindsight::tools
