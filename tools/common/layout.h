// layout.h - where the parts of this installation are, found relative to the running program.
//
// <root>/bin/hindsight-clang, <root>/lib/HindsightPass-<major>.so, <root>/lib/libhindsight.a,
// <root>/include/hindsight/: the same in a build tree and under an install prefix, so either can be
// moved as a whole. The runtime of another processor is in <root>/lib/aarch64-linux-gnu/, and so
// on.
//
// Thread safety: single-threaded tools. Allocation: the standard library's.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::tools {

struct Layout {
  std::filesystem::path root;
  std::string target;  // programs are for this processor: a folder's name; empty: for our own

  bool isForAArch64() const;
  std::filesystem::path include() const { return root / "include"; }
  std::filesystem::path plugin(int llvm_major) const;
  std::filesystem::path runtimeFolder() const { return root / "lib" / target; }
  std::filesystem::path staticRuntime() const { return runtimeFolder() / "libhindsight.a"; }
  std::filesystem::path sharedRuntime() const { return runtimeFolder() / "libhindsight.so"; }
  std::filesystem::path runtimeSymbols() const { return runtimeFolder() / "libhindsight.syms"; }

  /// LLVM major versions that have a plugin here; the default one first, then newest to oldest.
  std::vector<int> pluginVersions() const;
};

/// The file of the running program with all links resolved. Empty without /proc.
std::filesystem::path ownExecutable();

/// The layout around the running program; `argv0` is used where /proc is not mounted.
/// Nothing if neither tells.
std::optional<Layout> findLayout(const char* argv0);

/// What Layout::target is for a compiler's target triple (`aarch64-unknown-linux-gnu`; empty: our
/// own). Nothing if Hindsight is not made for it.
std::optional<std::string> targetOf(const std::string& triple);

}  // namespace hindsight::tools
