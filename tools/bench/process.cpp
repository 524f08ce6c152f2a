#include "process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// What a child writes goes to memory, not through a pipe: the driver needs no thread to drain it
/// and never slows the child down.
class Capture {
 public:
  explicit Capture(const char* name) : fd_(memfd_create(name, MFD_CLOEXEC)) {
    if (fd_ < 0) fail("memfd_create");
  }
  ~Capture() { close(fd_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  int fd() const { return fd_; }

  std::string text() const {
    std::string result;
    char buffer[16384];
    off_t offset = 0;
    for (ssize_t n; (n = pread(fd_, buffer, sizeof buffer, offset)) > 0; offset += n) {
      result.append(buffer, static_cast<std::size_t>(n));
    }
    return result;
  }

 private:
  int fd_;
};

std::vector<char*> pointersTo(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const std::string& string : strings) pointers.push_back(const_cast<char*>(string.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::string launcher;

/// In the child: only async-signal-safe calls.
[[noreturn]] void becomeCommand(char* const* arguments, char* const* environment, int output,
                                int errors, int results) {
  for (; *environment != nullptr; ++environment) putenv(*environment);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a killed bench leaves nothing running
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  fcntl(results, F_SETFD, 0);
  execv(arguments[0], arguments);
  dprintf(STDERR_FILENO, "cannot run %s: %s\n", arguments[0], strerror(errno));
  _exit(127);
}

/// True if `child` ends before `deadline`.
bool endsBefore(pid_t child, Clock::time_point deadline) {
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  if (handle < 0) fail("pidfd_open");
  pollfd poll_handle{handle, POLLIN, 0};
  int ready = 0;
  do {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    ready = poll(&poll_handle, 1, static_cast<int>(std::max<long>(left.count(), 0)));
  } while (ready < 0 && errno == EINTR);
  close(handle);
  return ready > 0;
}

/// Reads what launch.c wrote; nothing if it was killed before.
void parseResults(const std::string& text, ProcessResult& result) {
  int status = 0;
  Usage& usage = result.usage;
  if (std::sscanf(text.c_str(), "%d %lf %lf %lf %ld", &status, &usage.user_s, &usage.system_s,
                  &usage.wall_s, &usage.peak_kib) != 5) {
    result.status = 128 + SIGKILL;
    return;
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

void setLauncher(const std::string& path) { launcher = path; }

ProcessResult runProcess(const std::vector<std::string>& command,
                         const std::vector<std::string>& environment,
                         std::chrono::seconds timeout) {
  const Capture output("stdout");
  const Capture errors("stderr");
  const Capture results("results");
  std::vector<std::string> launched = {launcher, std::to_string(results.fd())};
  launched.insert(launched.end(), command.begin(), command.end());
  const std::vector<char*> arguments = pointersTo(launched);
  const std::vector<char*> variables = pointersTo(environment);

  const Clock::time_point start = Clock::now();
  const pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    becomeCommand(arguments.data(), variables.data(), output.fd(), errors.fd(), results.fd());
  }

  ProcessResult result;
  if (!endsBefore(child, start + timeout)) {
    result.timed_out = true;
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) fail("waitpid");
  }
  parseResults(results.text(), result);
  result.output = output.text();
  result.errors = errors.text();
  return result;
}

}  // namespace bench
