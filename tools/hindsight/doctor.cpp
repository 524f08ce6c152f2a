#include "doctor.h"

#include "common/process.h"
#include "common/toolchain.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <optional>

#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hindsight::tools {

namespace fs = std::filesystem;

namespace {

/// Randomisation of mapping addresses that the runtime's address map has room for, in bits of
/// pages. More than that is switched off by running the program again (personality).
constexpr int kMaxRandomBits = 30;
/// What the kernel ships; the runtime's own mappings add a few dozen to the program's.
constexpr long kMinMapCount = 65530;

class Report {
 public:
  void ok(const char* subject, const std::string& finding) { line("ok", subject, finding); }
  void problem(const char* subject, const std::string& finding, const std::string& cure) {
    line("problem", subject, finding);
    std::printf("%9s cure: %s\n", "", cure.c_str());
    ++problems_;
  }
  int problems() const { return problems_; }

 private:
  static void line(const char* verdict, const char* subject, const std::string& finding) {
    std::printf("%-9s %s: %s\n", verdict, subject, finding.c_str());
  }
  int problems_ = 0;
};

std::optional<long> numberIn(const char* file) {
  std::ifstream stream(file);
  long value = 0;
  if (stream >> value) return value;
  return std::nullopt;
}

void checkInstallation(const Layout& layout, Report& report) {
  std::error_code error;
  for (const fs::path& part : {layout.staticRuntime(), layout.sharedRuntime(),
                               layout.runtimeSymbols(), layout.include() / "hindsight" / "abi.h"})
    if (!fs::exists(part, error))
      report.problem("installation", part.string() + " is missing",
                     "build again, or install with `cmake --install`");
  if (report.problems() == 0) report.ok("installation", layout.root.string());
}

void checkCompilers(const Layout& layout, const std::string& named, Report& report) {
  for (const Language language : {Language::C, Language::Cxx}) {
    const char* subject = language == Language::C ? "C compiler" : "C++ compiler";
    const auto found =
        findToolchain(layout, language, named.empty() ? compilerFromEnvironment(language) : named);
    if (const auto* error = std::get_if<ToolchainError>(&found)) {
      report.problem(subject, error->message,
                     "install clang-19, or set HINDSIGHT_CC/HINDSIGHT_CXX");
      continue;
    }
    const auto& toolchain = std::get<Toolchain>(found);
    report.ok(subject, toolchain.clang.string() + " with " +
                           layout.plugin(toolchain.llvm_major).filename().string());
  }
}

/// Whether a program may be run again without address randomisation.
bool mayDisableRandomisation() {
  const pid_t child = fork();
  if (child == 0) {
    const int now = personality(0xffffffff);
    const bool done =
        now != -1 && personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) != -1;
    _exit(done ? 0 : 1);
  }
  int status = 1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

void checkAddressSpace(Report& report) {
  const auto bits = numberIn("/proc/sys/vm/mmap_rnd_bits");
  const std::string finding =
      "vm.mmap_rnd_bits=" + (bits ? std::to_string(*bits) : std::string("unknown"));
  if (bits.value_or(kMaxRandomBits) <= kMaxRandomBits)
    report.ok("address randomisation", finding);
  else if (mayDisableRandomisation())
    report.ok("address randomisation", finding + ", programs switch it off for themselves");
  else
    report.problem("address randomisation",
                   finding + " and personality(ADDR_NO_RANDOMIZE) is forbidden here",
                   "sysctl vm.mmap_rnd_bits=28, or allow the personality system call (in a "
                   "container: --security-opt seccomp=unconfined)");

  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  if (limit.rlim_cur == RLIM_INFINITY)
    report.ok("address space limit", "none");
  else
    report.problem("address space limit", std::to_string(limit.rlim_cur >> 20) + " MiB",
                   "ulimit -v unlimited");
}

void checkMemoryPolicy(Report& report) {
  const long overcommit = numberIn("/proc/sys/vm/overcommit_memory").value_or(0);
  const std::string finding = "vm.overcommit_memory=" + std::to_string(overcommit);
  if (overcommit != 2)
    report.ok("overcommit", finding);
  else
    report.problem("overcommit", finding + ": the shadow cannot be reserved",
                   "sysctl vm.overcommit_memory=0");

  const long maps = numberIn("/proc/sys/vm/max_map_count").value_or(kMinMapCount);
  const std::string maps_finding = "vm.max_map_count=" + std::to_string(maps);
  if (maps >= kMinMapCount)
    report.ok("number of mappings", maps_finding);
  else
    report.problem("number of mappings", maps_finding, "sysctl vm.max_map_count=65530");
}

void checkMachine(Report& report) {
  utsname name{};
  uname(&name);
  const std::string machine = name.machine;
  if (machine == "x86_64" || machine == "aarch64")
    report.ok("machine", machine + ", Linux " + name.release);
  else
    report.problem("machine", machine, "Hindsight runs on x86-64 and AArch64");
  std::error_code error;
  if (fs::exists("/proc/self/maps", error))
    report.ok("/proc", "mounted");
  else
    report.problem("/proc", "not mounted: modules and stacks cannot be found",
                   "mount -t proc proc /proc");
}

constexpr const char* kRacyProgram =
    "#include <pthread.h>\n"
    "int shared;\n"
    "static void* add(void* unused) { ++shared; return unused; }\n"
    "int main(void) {\n"
    "  pthread_t thread;\n"
    "  pthread_create(&thread, 0, add, 0);\n"
    "  ++shared;\n"
    "  return pthread_join(thread, 0);\n"
    "}\n";

/// Builds and runs a program with one race: the whole chain at once.
void checkWholeChain(const Layout& layout, const std::string& named, Report& report) {
  constexpr int kExitRaceFound = 66;
  std::string folder = (fs::temp_directory_path() / "hindsight-doctor-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    report.problem("test program", "cannot create " + folder, "make TMPDIR writable");
    return;
  }
  const fs::path source = fs::path(folder) / "race.c";
  const fs::path program = fs::path(folder) / "race";
  std::ofstream(source) << kRacyProgram;
  std::vector<std::string> command = {(layout.root / "bin" / "hindsight-clang").string(), "-g",
                                      source.string(), "-o", program.string()};
  if (!named.empty()) command.insert(command.begin() + 1, "--hindsight-clang=" + named);
  if (capture(command).exit_status != 0) {
    report.problem("test program", "does not compile", "run: " + shellQuoted(command));
  } else {
    unsetenv("HINDSIGHT");  // the user's options may change the exit status
    const int status = capture({program.string()}).exit_status;
    if (status == kExitRaceFound)
      report.ok("test program", "compiled, run, its race reported");
    else
      report.problem("test program", "exit status " + std::to_string(status) + " instead of 66",
                     "compile and run any program with hindsight-clang and read its messages");
  }
  std::error_code error;
  fs::remove_all(folder, error);
}

}  // namespace

int runDoctor(const Layout& layout, const std::string& named_clang) {
  Report report;
  checkMachine(report);
  checkInstallation(layout, report);
  checkCompilers(layout, named_clang, report);
  checkAddressSpace(report);
  checkMemoryPolicy(report);
  if (report.problems() == 0) checkWholeChain(layout, named_clang, report);
  return report.problems();
}

}  // namespace hindsight::tools
