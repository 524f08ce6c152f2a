#include "common/toolchain.h"

#include "common/process.h"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace hindsight::tools {

namespace fs = std::filesystem;

namespace {

bool isNumber(std::string_view text, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

const char* driverName(Language language) {
  return language == Language::Cxx ? "clang++" : "clang";
}

std::string listOf(const std::vector<int>& versions) {
  std::string text;
  for (const int version : versions) text += (text.empty() ? "" : ", ") + std::to_string(version);
  return text.empty() ? "none" : text;
}

bool hasPlugin(const Layout& layout, int llvm_major) {
  std::error_code error;
  return fs::exists(layout.plugin(llvm_major), error);
}

/// The wrapper itself, under whichever name: driving it would never end.
bool isOwnExecutable(const fs::path& program) {
  std::error_code error;
  const fs::path self = ownExecutable();
  return !self.empty() && fs::equivalent(program, self, error);
}

Toolchain toolchainOf(const fs::path& clang, int llvm_major, Language language) {
  const bool named_cxx = clang.filename().string().find("++") != std::string::npos;
  return {clang, llvm_major, named_cxx == (language == Language::Cxx)};
}

std::variant<Toolchain, ToolchainError> namedToolchain(const Layout& layout, Language language,
                                                       const std::string& named) {
  const auto program = findProgram(named);
  if (!program)
    return ToolchainError{"compiler '" + named + "' not found (from --hindsight-clang, " +
                          "HINDSIGHT_CC or HINDSIGHT_CXX)"};
  if (isOwnExecutable(*program))
    return ToolchainError{"HINDSIGHT_CC and HINDSIGHT_CXX must name a real Clang, not '" + named +
                          "'"};
  const int major = llvmMajorOf(*program);
  if (major == 0) return ToolchainError{"'" + named + "' is not Clang; Hindsight needs Clang 14+"};
  if (!hasPlugin(layout, major))
    return ToolchainError{"'" + named + "' is Clang " + std::to_string(major) +
                          ", but the plugin was built for LLVM " + listOf(layout.pluginVersions()) +
                          "; install llvm-" + std::to_string(major) +
                          "-dev and rebuild Hindsight, or choose another " +
                          "Clang with HINDSIGHT_CC and HINDSIGHT_CXX"};
  return toolchainOf(*program, major, language);
}

}  // namespace

int llvmMajorOf(const fs::path& clang) {
  // The end of the chain of links is the driver itself, clang-<major>; anything else (a compiler
  // cache, a script, a self-built `clang`) is asked, which costs a process.
  std::error_code error;
  const fs::path real = fs::canonical(clang, error);
  int major = 0;
  for (const fs::path& folder : {real.filename(), real.parent_path().parent_path().filename()}) {
    const std::string name = folder.string();
    for (const std::string_view prefix : {"clang-", "llvm-"})
      if (name.starts_with(prefix) &&
          isNumber(std::string_view(name).substr(prefix.size()), major) &&
          real.filename().string().starts_with("clang"))
        return major;
  }
  const Output version = capture({clang.string(), "--version"});
  const size_t found = version.text.find("clang version ");
  if (version.exit_status != 0 || found == std::string::npos) return 0;
  const char* digits = version.text.data() + found + std::string_view("clang version ").size();
  std::from_chars(digits, version.text.data() + version.text.size(), major);
  return major;
}

std::string compilerFromEnvironment(Language language) {
  const char* value = language == Language::Cxx ? std::getenv("HINDSIGHT_CXX") : nullptr;
  if (value == nullptr || *value == '\0') value = std::getenv("HINDSIGHT_CC");
  return value != nullptr ? value : "";
}

std::variant<Toolchain, ToolchainError> findToolchain(const Layout& layout, Language language,
                                                      const std::string& named) {
  if (!named.empty()) return namedToolchain(layout, language, named);

  const std::vector<int> versions = layout.pluginVersions();
  for (const int major : versions) {
    const std::string suffix = std::to_string(major);
    for (const std::string& name : {std::string(driverName(language)) + "-" + suffix,
                                    "/usr/lib/llvm-" + suffix + "/bin/" + driverName(language)})
      if (const auto program = findProgram(name); program && !isOwnExecutable(*program))
        return toolchainOf(*program, major, language);
  }
  if (const auto program = findProgram(driverName(language)); program && !isOwnExecutable(*program))
    if (const int major = llvmMajorOf(*program); major != 0 && hasPlugin(layout, major))
      return toolchainOf(*program, major, language);

  if (versions.empty())
    return ToolchainError{"no HindsightPass-<version>.so in " + (layout.root / "lib").string() +
                          ": the installation is incomplete"};
  return ToolchainError{"no Clang found that fits a plugin (LLVM " + listOf(versions) +
                        "): install clang-" + std::to_string(versions.front()) +
                        " or name one in HINDSIGHT_CC and HINDSIGHT_CXX"};
}

}  // namespace hindsight::tools
