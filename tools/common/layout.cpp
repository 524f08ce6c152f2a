#include "common/layout.h"

#include "common/process.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

namespace hindsight::tools {

namespace fs = std::filesystem;

fs::path Layout::plugin(int llvm_major) const {
  return root / "lib" / ("HindsightPass-" + std::to_string(llvm_major) + ".so");
}

bool Layout::isForAArch64() const {
#if defined(__aarch64__)
  return target.empty() || target.starts_with("aarch64");
#else
  return target.starts_with("aarch64");
#endif
}

std::vector<int> Layout::pluginVersions() const {
  constexpr std::string_view kPrefix = "HindsightPass-";
  std::vector<int> versions;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root / "lib", error)) {
    const std::string name = entry.path().filename().string();
    if (!std::string_view(name).starts_with(kPrefix) || entry.path().extension() != ".so") continue;
    int major = 0;
    const char* digits = name.data() + kPrefix.size();
    if (std::from_chars(digits, name.data() + name.size(), major).ec == std::errc())
      versions.push_back(major);
  }
  std::sort(versions.begin(), versions.end(), [](int left, int right) {
    if ((left == HINDSIGHT_DEFAULT_LLVM) != (right == HINDSIGHT_DEFAULT_LLVM))
      return left == HINDSIGHT_DEFAULT_LLVM;
    return left > right;
  });
  return versions;
}

fs::path ownExecutable() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : self;
}

std::optional<Layout> findLayout(const char* argv0) {
  fs::path self = ownExecutable();
  if (self.empty() && argv0 != nullptr) {
    std::error_code error;
    if (const auto found = findProgram(argv0)) self = fs::canonical(*found, error);
  }
  if (self.empty()) return std::nullopt;
  return Layout{self.parent_path().parent_path(), ""};
}

std::optional<std::string> targetOf(const std::string& triple) {
#if defined(__aarch64__)
  constexpr std::string_view kOwn = "aarch64";
#else
  constexpr std::string_view kOwn = "x86_64";
#endif
  if (triple.empty()) return "";
  std::string processor = triple.substr(0, triple.find('-'));
  if (processor == "arm64") processor = "aarch64";
  if (processor == "amd64") processor = "x86_64";
  if (processor != "aarch64" && processor != "x86_64") return std::nullopt;
  if (triple.find("linux") == std::string::npos) return std::nullopt;
  return processor == kOwn ? "" : processor + "-linux-gnu";
}

}  // namespace hindsight::tools
