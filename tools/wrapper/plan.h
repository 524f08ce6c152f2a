// plan.h - from what the user asked for to the Clang command that is run.
//
// Thread safety: single-threaded tools. Allocation: the standard library's.
#pragma once

#include "common/layout.h"
#include "common/toolchain.h"
#include "wrapper/command_line.h"

#include <optional>
#include <string>
#include <vector>

namespace hindsight::tools {

/// Why the command cannot be done, naming the flag to change; nothing if it can.
std::optional<std::string> refusal(const CommandLine& command);

/// Why it cannot be done with this installation and compiler.
std::optional<std::string> targetRefusal(const CommandLine& command, const Layout& layout,
                                         const Toolchain& toolchain);

/// The whole command, argv[0] included.
std::vector<std::string> plan(const CommandLine& command, const Layout& layout,
                              const Toolchain& toolchain, Language language);

}  // namespace hindsight::tools
