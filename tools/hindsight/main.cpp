// hindsight - the command-line tool: flags for build systems, and a look at the machine.
//
//   hindsight --version
//   hindsight flags compile|link [--lang c|c++] [--shared-runtime] [--library] [--clang PROGRAM]
//                   [--target TRIPLE]
//   hindsight doctor [--clang PROGRAM]
//
// Exit status: 0 done, 1 a problem was found, 2 wrong use.
#include "common/flags.h"
#include "common/layout.h"
#include "common/process.h"
#include "common/toolchain.h"
#include "doctor.h"

#include "hindsight/abi.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>
#include <variant>

namespace {

using namespace hindsight::tools;

constexpr int kExitProblem = 1;
constexpr int kExitWrongUse = 2;

struct FlagsOptions {
  std::string step;
  std::string language = "c++";
  std::string clang;
  std::string target;
  bool shared_runtime = false;
  bool for_library = false;
};

int printFlags(Layout layout, const FlagsOptions& options) {
  const auto target = targetOf(options.target);
  if (!target) {
    std::fprintf(stderr, "hindsight: error: --target=%s: only Linux on x86-64 and AArch64\n",
                 options.target.c_str());
    return kExitWrongUse;
  }
  layout.target = *target;
  Flags flags;
  if (options.step == "compile") {
    const Language language = options.language == "c" ? Language::C : Language::Cxx;
    const auto found =
        findToolchain(layout, language,
                      options.clang.empty() ? compilerFromEnvironment(language) : options.clang);
    if (const auto* error = std::get_if<ToolchainError>(&found)) {
      std::fprintf(stderr, "hindsight: error: %s\n", error->message.c_str());
      return kExitProblem;
    }
    flags = compileFlags(layout, std::get<Toolchain>(found).llvm_major, Enable::Driver);
  } else {
    const RuntimeKind kind = options.shared_runtime ? RuntimeKind::Shared : RuntimeKind::Static;
    // Build systems repeat the compile flags when linking: keep ThreadSanitizer's library out.
    flags = {"-fno-sanitize-link-runtime"};
    const Flags link =
        options.for_library ? libraryLinkFlags(layout, kind) : executableLinkFlags(layout, kind);
    flags.insert(flags.end(), link.begin(), link.end());
    if (!options.for_library)
      for (const std::string& library : trailingLinkFlags()) flags.push_back(library);
  }
  std::printf("%s\n", shellQuoted(flags).c_str());
  return 0;
}

std::string versionText() {
  return "hindsight " HINDSIGHT_VERSION " (ABI " + std::to_string(HINDSIGHT_ABI_VERSION) + ")";
}

int run(int argc, char** argv) {
  CLI::App app("Finds data races in C and C++ programs built with hindsight-clang(++).",
               "hindsight");
  app.set_version_flag("--version", versionText());
  app.require_subcommand(1);

  FlagsOptions flags_options;
  CLI::App* flags = app.add_subcommand("flags", "Print the flags that the wrappers add");
  flags->add_option("step", flags_options.step, "compile or link")
      ->required()
      ->check(CLI::IsMember({"compile", "link"}));
  flags->add_option("--lang", flags_options.language, "c or c++")
      ->check(CLI::IsMember({"c", "c++"}));
  flags->add_option("--target", flags_options.target, "The target triple, if not this machine's");
  flags->add_option("--clang", flags_options.clang, "The Clang that will be given the flags");
  flags->add_flag("--shared-runtime", flags_options.shared_runtime, "Link libhindsight.so");
  flags->add_flag("--library", flags_options.for_library, "Link flags of a shared library");

  std::string doctor_clang;
  CLI::App* doctor = app.add_subcommand("doctor", "Check this machine and this installation");
  doctor->add_option("--clang", doctor_clang, "The Clang to look at");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitWrongUse;
  }

  const auto layout = findLayout(argv[0]);
  if (!layout) {
    std::fprintf(stderr, "hindsight: error: cannot find its own installation (no /proc)\n");
    return kExitProblem;
  }
  if (flags->parsed()) return printFlags(*layout, flags_options);
  return runDoctor(*layout, doctor_clang) == 0 ? 0 : kExitProblem;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hindsight: error: %s\n", error.what());
    return kExitProblem;
  }
}
