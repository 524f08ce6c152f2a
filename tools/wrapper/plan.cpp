#include "wrapper/plan.h"

#include "common/flags.h"

#include <algorithm>

namespace hindsight::tools {

namespace {

void append(Flags& flags, const Flags& more) {
  flags.insert(flags.end(), more.begin(), more.end());
}

bool onlyThreadOrNothing(const CommandLine& command) {
  return command.sanitizers.empty() ||
         (command.sanitizers.size() == 1 && command.sanitizers.contains("thread"));
}

/// The sanitizers that own the shadow memory or the allocator themselves.
std::optional<std::string> incompatibleSanitizer(const CommandLine& command) {
  for (const std::string& name : command.sanitizers)
    for (const char* other : {"address", "kernel-address", "pointer-compare", "pointer-subtract",
                              "hwaddress", "kernel-hwaddress", "memory", "kernel-memory", "memtag",
                              "leak", "dataflow", "fuzzer", "type", "realtime"})
      if (name == other || (name.starts_with(other) && name[std::string(other).size()] == '-'))
        return name;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> refusal(const CommandLine& command) {
  if (!command.has_input || command.raw) return std::nullopt;
  if (const auto other = incompatibleSanitizer(command))
    return "-fsanitize=" + *other +
           " and Hindsight cannot be in the same program; remove -fsanitize=" + *other;
  if (!command.foreign_width_flag.empty())
    return command.foreign_width_flag + ": only 64-bit programs can be checked; remove " +
           command.foreign_width_flag;
  if (command.generates_code && !command.no_pic_flag.empty())
    return command.no_pic_flag + ": only position-independent code can be checked; remove " +
           command.no_pic_flag + " or use -fPIE";
  if (!targetOf(command.target))
    return "--target=" + command.target +
           ": only programs for Linux on x86-64 and AArch64 can be checked";
  if (!command.links() || command.makes_relocatable) return std::nullopt;
  if (!command.static_flag.empty())
    return command.static_flag +
           ": a statically linked program cannot be checked, its libc calls " +
           "cannot be intercepted; remove " + command.static_flag +
           " (-static-libstdc++ and -static-libgcc are fine)";
  if (!command.no_pie_flag.empty() && !command.makes_library)
    return command.no_pie_flag +
           ": only position-independent executables can be checked; use -pie instead of " +
           command.no_pie_flag;
  return std::nullopt;
}

std::optional<std::string> targetRefusal(const CommandLine& command, const Layout& layout,
                                         const Toolchain& toolchain) {
  constexpr int kFirstForAArch64 = 17;  // preserve_all, by which checks are called
  if (!command.has_input || command.raw || layout.target.empty()) return std::nullopt;
  if (layout.isForAArch64() && toolchain.llvm_major < kFirstForAArch64)
    return "--target=" + command.target + " needs Clang 17 or newer, " + toolchain.clang.string() +
           " is " + std::to_string(toolchain.llvm_major);
  const bool needs_runtime =
      command.links() && !command.makes_relocatable && !command.makes_library;
  if (needs_runtime && !std::filesystem::exists(layout.staticRuntime()))
    return "--target=" + command.target + ": there is no runtime for it in " +
           layout.runtimeFolder().string() + "; tools/cross_aarch64.sh of the sources builds it";
  return std::nullopt;
}

std::vector<std::string> plan(const CommandLine& command, const Layout& layout,
                              const Toolchain& toolchain, Language language) {
  std::vector<std::string> result = {toolchain.clang.string()};
  const bool changes = command.has_input && !command.raw;
  if (!toolchain.name_fits_language && !command.raw)
    result.push_back(language == Language::Cxx ? "--driver-mode=g++" : "--driver-mode=gcc");
  if (!changes) {
    append(result, command.arguments);
    return result;
  }

  // Ours come first, so that the user's -fPIC and -fno-sanitize=thread win.
  Flags head;
  Flags tail;
  const bool instruments = command.sanitizers.contains("thread");
  const bool links_other_sanitizer = command.links() && !onlyThreadOrNothing(command);
  if (links_other_sanitizer) {
    if (instruments) append(head, compileFlags(layout, toolchain.llvm_major, Enable::FrontEnd));
    tail.push_back("-fno-sanitize=thread");
  } else {
    append(head, compileFlags(layout, toolchain.llvm_major, Enable::Driver));
    if (!instruments) head.push_back("-U__SANITIZE_THREAD__");
  }

  // An executable that must not export the runtime's functions does not stand in front of the C
  // library's for other libraries: there the runtime has to be a library itself.
  const bool cannot_export = command.hides_symbols && !command.makes_library;
  const RuntimeKind kind =
      command.shared_runtime || cannot_export ? RuntimeKind::Shared : RuntimeKind::Static;
  if (command.links() && !command.makes_relocatable) {
    if (command.makes_library) {
      append(head, libraryLinkFlags(layout, kind));
      // The executable will define the runtime's symbols, so they are undefined here by design.
      if (command.forbids_undefined && kind == RuntimeKind::Static)
        append(tail, {"-Xlinker", "--unresolved-symbols=ignore-all"});  // gold has no -z undefs
    } else {
      append(head, executableLinkFlags(layout, kind));
      append(tail, trailingLinkFlags());
    }
  }

  // Compile flags are unused when the command only links or assembles, and the other way round.
  result.push_back("--start-no-unused-arguments");
  append(result, head);
  result.push_back("--end-no-unused-arguments");
  const auto end_of_options =
      std::find(command.arguments.begin(), command.arguments.end(), std::string("--"));
  result.insert(result.end(), command.arguments.begin(), end_of_options);
  if (!tail.empty()) {
    result.push_back("--start-no-unused-arguments");
    append(result, tail);
    result.push_back("--end-no-unused-arguments");
  }
  result.insert(result.end(), end_of_options, command.arguments.end());
  return result;
}

}  // namespace hindsight::tools
