// count.cpp - counts the instructions that a program executes between marks (see paths.cpp).
//
// Usage: count PROGRAM [NAME]
//
// Steps the program's first thread through each marked stretch one instruction at a time
// (PTRACE_SINGLESTEP). Slow, but exact and repeatable on any machine, where hardware counters are
// not to be had, and Valgrind cannot run programs with Hindsight's address-space layout. Addresses
// are not randomised. Prints `NAME COUNT` for each name, in order of appearance: the smallest count
// met, less that of the stretch "nothing". With NAME, prints where its last stretch went instead:
// one address in the program per instruction, for addr2line.
//
// Exit status: 0; 77 if programs must not be traced here; 1 if the program fails.

#include <signal.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace {

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

/// One traced child.
class Tracee {
 public:
  explicit Tracee(char* path) : path_(path) {
    char* const command[] = {path, nullptr};
    child_ = fork();
    if (child_ < 0) fail("fork");
    if (child_ == 0) {
      personality(ADDR_NO_RANDOMIZE);
      if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(77);
      execv(path, command);
      _exit(127);
    }
    wait();
    if (is_running_)
      ptrace(PTRACE_SETOPTIONS, child_, nullptr, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
  }

  /// Lets it run to its next mark; false if it ends before.
  bool runToMark() {
    int signal = 0;
    while (is_running_) {
      resume(PTRACE_CONT, signal);
      if (!is_running_) return false;
      if (isAtMark()) return true;
      signal = isOwnSignal() ? WSTOPSIG(status_) : 0;
    }
    return false;
  }

  /// Steps to the next mark; returns the number of steps, and where they were in `places`.
  long stepToMark(std::vector<unsigned long>& places) {
    places.clear();
    for (long steps = 1;; ++steps) {
      resume(PTRACE_SINGLESTEP, 0);
      if (!is_running_) fail("the program ended between two marks");
      if (isAtMark()) return steps;
      places.push_back(registers().rip);
    }
  }

  /// Where the program itself lies.
  unsigned long base() const {
    std::ifstream maps("/proc/" + std::to_string(child_) + "/maps");
    for (std::string line; std::getline(maps, line);) {
      if (line.ends_with(path_)) return std::stoul(line, nullptr, 16);
    }
    return 0;
  }

  /// The string that the mark names; empty at the end of a stretch.
  std::string nameOfMark() const {
    std::string name;
    for (unsigned long at = registers().rdi; at != 0; ++at) {
      const long word = ptrace(PTRACE_PEEKDATA, child_, at, nullptr);
      if (const char letter = static_cast<char>(word); letter != 0) {
        name += letter;
      } else {
        break;
      }
    }
    return name;
  }

  int exitStatus() const {
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  }

 private:
  user_regs_struct registers() const {
    user_regs_struct result{};
    if (ptrace(PTRACE_GETREGS, child_, nullptr, &result) != 0) fail("PTRACE_GETREGS");
    return result;
  }

  void resume(__ptrace_request how, int signal) {
    if (ptrace(how, child_, nullptr, static_cast<long>(signal)) != 0) fail("ptrace");
    wait();
  }

  void wait() {
    while (waitpid(child_, &status_, 0) < 0) {
      if (errno != EINTR) fail("waitpid");
    }
    is_running_ = WIFSTOPPED(status_);
  }

  /// A breakpoint instruction, rather than a step or an exec.
  bool isAtMark() const {
    if (WSTOPSIG(status_) != SIGTRAP || status_ >> 16 != 0) return false;
    siginfo_t info{};
    return ptrace(PTRACE_GETSIGINFO, child_, nullptr, &info) == 0 && info.si_code == SI_KERNEL;
  }

  bool isOwnSignal() const { return status_ >> 16 == 0 && WSTOPSIG(status_) != SIGTRAP; }

  std::string path_;
  pid_t child_ = 0;
  int status_ = 0;
  bool is_running_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 1;
  const std::string wanted = argc > 2 ? argv[2] : "";
  Tracee program(argv[1]);
  std::vector<std::pair<std::string, long>> least;
  std::vector<unsigned long> places;
  std::vector<unsigned long> wanted_places;
  unsigned long base = 0;
  while (program.runToMark()) {
    const std::string name = program.nameOfMark();
    const long steps = program.stepToMark(places);
    if (name == wanted) {
      wanted_places = places;
      base = program.base();
    }
    const auto known = std::find_if(least.begin(), least.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    if (known == least.end()) {
      least.emplace_back(name, steps);
    } else {
      known->second = std::min(known->second, steps);
    }
  }
  if (program.exitStatus() == 77) return 77;
  if (program.exitStatus() != 0 || least.empty() || least.front().first != "nothing") {
    std::fprintf(stderr, "%s ended with status %d\n", argv[1], program.exitStatus());
    return 1;
  }
  for (const unsigned long place : wanted_places) std::printf("0x%lx\n", place - base);
  for (std::size_t i = 1; wanted.empty() && i < least.size(); ++i) {
    std::printf("%s %ld\n", least[i].first.c_str(), least[i].second - least.front().second);
  }
  return 0;
}
