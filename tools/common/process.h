// process.h - running other programs, and the shell's spelling of their arguments.
//
// Thread safety: single-threaded tools. Allocation: the standard library's.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::tools {

/// `name` as the shell would find it: as it is when it has a slash, else along PATH.
/// Nothing if there is no executable file.
std::optional<std::filesystem::path> findProgram(const std::string& name);

struct Output {
  int exit_status;   // 128 + signal when killed by one; 127 when it could not be started
  std::string text;  // standard output
};

/// Runs `arguments[0]` (a path) with standard input and error closed to it, and waits.
Output capture(const std::vector<std::string>& arguments);

/// Replaces this process. Returns only on failure, with errno set.
void execute(const std::vector<std::string>& arguments);

/// `argument` so that a shell reads it back as one word.
std::string shellQuoted(const std::string& argument);

/// All of them, quoted and separated by blanks.
std::string shellQuoted(const std::vector<std::string>& arguments);

}  // namespace hindsight::tools
