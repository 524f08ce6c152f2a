#include "machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>

#include "process.h"

namespace bench {
namespace {

/// The value after `key` and a separator in the first line of `file` that starts with `key`.
std::string lookUp(const char* file, const std::string& key, char separator) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (line.compare(0, key.size(), key) != 0) continue;
    std::string value = line.substr(line.find(separator) + 1);
    std::erase(value, '"');
    return value.substr(std::min(value.find_first_not_of(" \t"), value.size()));
  }
  return "unknown";
}

}  // namespace

Machine thisMachine() {
  utsname names{};
  uname(&names);
  return {.processor = lookUp("/proc/cpuinfo", "model name", ':'),
          .cores = sysconf(_SC_NPROCESSORS_ONLN),
          .memory_mib = sysconf(_SC_PHYS_PAGES) / 1024 * (sysconf(_SC_PAGESIZE) / 1024),
          .system = lookUp("/etc/os-release", "PRETTY_NAME", '='),
          .kernel = names.release};
}

std::string versionOf(const std::string& compiler) {
  const ProcessResult result = runProcess({compiler, "--version"}, {}, std::chrono::seconds(30));
  return result.status == 0 ? result.output.substr(0, result.output.find('\n')) : "";
}

}  // namespace bench
