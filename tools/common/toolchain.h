// toolchain.h - which Clang to drive, and which plugin it can load.
//
// A plugin fits exactly one LLVM major version. The choice, first match wins:
//   1. the compiler named by the user (--hindsight-clang=, HINDSIGHT_CC, HINDSIGHT_CXX);
//   2. clang-<major> for each version with a plugin, the default version first;
//   3. plain `clang`, if there is a plugin for its version.
//
// Thread safety: single-threaded tools. Allocation: the standard library's.
#pragma once

#include "common/layout.h"

#include <filesystem>
#include <string>
#include <variant>

namespace hindsight::tools {

enum class Language { C, Cxx };

struct Toolchain {
  std::filesystem::path clang;
  int llvm_major;
  /// The program's name already says the language; otherwise --driver-mode is needed.
  bool name_fits_language;
};

/// What was wrong and how to cure it, one line each, without the program's name.
struct ToolchainError {
  std::string message;
};

/// `named` is the user's choice, or empty.
std::variant<Toolchain, ToolchainError> findToolchain(const Layout& layout, Language language,
                                                      const std::string& named);

/// HINDSIGHT_CXX or HINDSIGHT_CC; for C++ the second serves when the first is not set.
std::string compilerFromEnvironment(Language language);

/// Major version of a Clang, from its name where that is reliable, else by asking it.
/// 0 if it is not a Clang.
int llvmMajorOf(const std::filesystem::path& clang);

}  // namespace hindsight::tools
