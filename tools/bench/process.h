// process.h - runs a program to its end and says what it used.
//
// CPU time and peak memory come from wait4(2), so they cover exactly that child (and, for compiler
// drivers, the children it waited for), whatever else the machine does. The call is made by a tiny
// program in between (launch.c), so that the peak of a small program is its own.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace bench {

struct Usage {
  double user_s = 0;
  double system_s = 0;
  double wall_s = 0;
  long peak_kib = 0;  // of resident memory

  double cpuSeconds() const { return user_s + system_s; }
};

struct ProcessResult {
  Usage usage;
  /// Exit status; 128 + signal number if a signal ended it, as shells have it.
  int status = 0;
  bool timed_out = false;
  std::string output;
  std::string errors;
};

/// The program made of launch.c; to be called before runProcess().
void setLauncher(const std::string& path);

/// Runs `command` (found in PATH) with `environment` ("NAME=value") added to this process's own.
/// Kills it after `timeout`. Throws std::system_error if it cannot be started at all.
ProcessResult runProcess(const std::vector<std::string>& command,
                         const std::vector<std::string>& environment, std::chrono::seconds timeout);

}  // namespace bench
