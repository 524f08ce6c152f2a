#include "common/flags.h"

namespace hindsight::tools {

namespace {

/// Hands `arguments` to the linker, whatever letters they contain (-Wl, would split at commas).
Flags toLinker(const Flags& arguments) {
  Flags flags;
  for (const std::string& argument : arguments) {
    flags.push_back("-Xlinker");
    flags.push_back(argument);
  }
  return flags;
}

Flags sharedRuntimeFlags(const Layout& layout) {
  const std::string library = layout.sharedRuntime().string();
  // Needed even if nothing refers to it yet, and before libc in the search order.
  return toLinker({"--push-state", "--no-as-needed", library, "--pop-state",
                   "-rpath=" + layout.sharedRuntime().parent_path().string()});
}

}  // namespace

Flags compileFlags(const Layout& layout, int llvm_major, Enable enable) {
  Flags flags;
  if (enable == Enable::Driver)
    flags = {"-fsanitize=thread", "-fno-sanitize-link-runtime"};
  else
    flags = {"-Xclang", "-fsanitize=thread"};
  flags.push_back("-fpass-plugin=" + layout.plugin(llvm_major).string());
  flags.push_back("-D__SANITIZE_THREAD__=1");  // as GCC and the newest Clang define it
  flags.push_back("-fPIE");                    // the user's own -fPIC comes later and wins
  // Vectors of a length that is known at run time have no inline check (pass/collect.cpp).
  if (layout.isForAArch64()) flags.insert(flags.end(), {"-mllvm", "-scalable-vectorization=off"});
  flags.push_back("-idirafter");
  flags.push_back(layout.include().string());
  return flags;
}

Flags executableLinkFlags(const Layout& layout, RuntimeKind kind) {
  Flags flags = {"-pie"};
  const Flags runtime =
      kind == RuntimeKind::Shared
          ? sharedRuntimeFlags(layout)
          : toLinker({"--whole-archive", layout.staticRuntime().string(), "--no-whole-archive",
                      "--dynamic-list=" + layout.runtimeSymbols().string()});
  flags.insert(flags.end(), runtime.begin(), runtime.end());
  return flags;
}

Flags libraryLinkFlags(const Layout& layout, RuntimeKind kind) {
  return kind == RuntimeKind::Shared ? sharedRuntimeFlags(layout) : Flags{};
}

Flags trailingLinkFlags() { return {"-lpthread", "-ldl"}; }

}  // namespace hindsight::tools
