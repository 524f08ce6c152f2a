// flags.h - the compiler and linker flags that make a program a checked one, in one place: used by
// the wrapper, printed by `hindsight flags`, and repeated by cmake/HindsightConfig.cmake.in.
//
// Compiling gets -fsanitize=thread, because the front end then defines __has_feature, honours
// no_sanitize("thread") and ignore lists, and LLVM invents no racy accesses. The plugin keeps
// ThreadSanitizer's own pass out, -fno-sanitize-link-runtime its library.
//
// Thread safety: single-threaded tools. Allocation: the standard library's.
#pragma once

#include "common/layout.h"

#include <string>
#include <vector>

namespace hindsight::tools {

using Flags = std::vector<std::string>;

/// How the compiler is told about -fsanitize=thread.
enum class Enable {
  /// To the driver. Its effect on a link step is undone by -fno-sanitize-link-runtime.
  Driver,
  /// To the front end only. For commands that link the runtime of *another* sanitizer, which
  /// -fno-sanitize-link-runtime would drop too.
  FrontEnd,
};

Flags compileFlags(const Layout& layout, int llvm_major, Enable enable);

enum class RuntimeKind { Static, Shared };

/// Flags before the objects of an executable.
Flags executableLinkFlags(const Layout& layout, RuntimeKind kind);

/// Flags before the objects of a shared library. Empty for the static runtime: a library's
/// references are resolved by the executable, which exports the runtime's symbols.
Flags libraryLinkFlags(const Layout& layout, RuntimeKind kind);

/// Libraries after the objects of an executable.
Flags trailingLinkFlags();

}  // namespace hindsight::tools
