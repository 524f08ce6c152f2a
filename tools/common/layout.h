// layout.h - where the parts of this installation are, found relative to the running program.
//
// <root>/bin/hindsight-clang, <root>/lib/HindsightPass-<major>.so, <root>/lib/libhindsight.a,
// <root>/include/hindsight/: the same in a build tree and under an install prefix, so either can be
// moved as a whole.
//
// Thread safety: single-threaded tools. Allocation: the standard library's.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace hindsight::tools {

struct Layout {
  std::filesystem::path root;

  std::filesystem::path include() const { return root / "include"; }
  std::filesystem::path plugin(int llvm_major) const;
  std::filesystem::path staticRuntime() const { return root / "lib" / "libhindsight.a"; }
  std::filesystem::path sharedRuntime() const { return root / "lib" / "libhindsight.so"; }
  std::filesystem::path runtimeSymbols() const { return root / "lib" / "libhindsight.syms"; }

  /// LLVM major versions that have a plugin here; the default one first, then newest to oldest.
  std::vector<int> pluginVersions() const;
};

/// The file of the running program with all links resolved. Empty without /proc.
std::filesystem::path ownExecutable();

/// The layout around the running program; `argv0` is used where /proc is not mounted.
/// Nothing if neither tells.
std::optional<Layout> findLayout(const char* argv0);

}  // namespace hindsight::tools
