// machine.h - the machine and the compilers that a set of measurements belongs to.
#pragma once

#include <string>
#include <vector>

namespace bench {

struct Machine {
  std::string processor;
  long cores = 0;
  long memory_mib = 0;
  std::string system;  // distribution
  std::string kernel;
};

Machine thisMachine();

/// First line of `compiler --version`; empty if it cannot be run.
std::string versionOf(const std::string& compiler);

}  // namespace bench
