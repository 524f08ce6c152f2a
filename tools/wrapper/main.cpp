// hindsight-clang, hindsight-clang++ - a Clang that builds checked programs.
//
// Reads the command line just far enough to know whether it compiles, links or both, puts the flags
// of common/flags.h around it, and becomes that Clang (exec): exit status, signals, standard
// streams and job control are Clang's own. The language is taken from the name it was called by.
#include "common/layout.h"
#include "common/process.h"
#include "common/toolchain.h"
#include "wrapper/command_line.h"
#include "wrapper/plan.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

// Changes whenever a plugin does (cmake/PluginId.cmake), and this program's file with it.
extern const char hindsight_plugin_id[];

namespace {

constexpr int kExitWrongUse = 2;

int fail(const std::string& program, const std::string& message) {
  std::fprintf(stderr, "%s: error: %s\n", program.c_str(), message.c_str());
  return kExitWrongUse;
}

bool isSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' && std::strcmp(value, "0") != 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace hindsight::tools;
  const std::string name =
      argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "hindsight-clang";
  const Language language = name.find("++") != std::string::npos ? Language::Cxx : Language::C;

  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (arguments.size() == 1 && arguments[0] == "--hindsight-version") {
    std::printf("hindsight %s plugins %.12s\n", HINDSIGHT_VERSION, hindsight_plugin_id);
    return 0;
  }
  CommandLine command = parseCommandLine(arguments);
  if (isSet("HINDSIGHT_SHARED_RUNTIME")) command.shared_runtime = true;
  if (const auto reason = refusal(command)) return fail(name, *reason);

  auto layout = findLayout(argc > 0 ? argv[0] : nullptr);
  if (!layout) return fail(name, "cannot find its own installation: /proc is not mounted");
  layout->target = targetOf(command.target).value_or("");
  const std::string named =
      command.clang.empty() ? compilerFromEnvironment(language) : command.clang;
  const auto found = findToolchain(*layout, language, named);
  if (const auto* error = std::get_if<ToolchainError>(&found)) return fail(name, error->message);
  if (const auto reason = targetRefusal(command, *layout, std::get<Toolchain>(found)))
    return fail(name, *reason);

  const auto result = plan(command, *layout, std::get<Toolchain>(found), language);
  if (command.dry_run) {
    std::printf("%s\n", shellQuoted(result).c_str());
    return 0;
  }
  execute(result);
  return fail(name, "cannot run " + result[0] + ": " + std::strerror(errno));
}
