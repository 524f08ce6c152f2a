#include "common/process.h"

#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <string_view>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hindsight::tools {

namespace fs = std::filesystem;

namespace {

bool isExecutableFile(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
}

std::vector<char*> pointersTo(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments)
    pointers.push_back(const_cast<char*>(argument.c_str()));  // execv's signature, not its use
  pointers.push_back(nullptr);
  return pointers;
}

/// The new program's descriptor `place` is what `fd` is here, where `place` may be closed and `fd`
/// it.
void putAt(int fd, int place) {
  if (fd == place)
    fcntl(fd, F_SETFD, 0);
  else
    dup2(fd, place);
}

}  // namespace

std::optional<fs::path> findProgram(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (isExecutableFile(name)) return fs::path(name);
    return std::nullopt;
  }
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    fs::path candidate = fs::path(folder.empty() ? "." : folder) / name;
    if (isExecutableFile(candidate)) return candidate;
  }
  return std::nullopt;
}

Output capture(const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {127, ""};
  const std::vector<char*> pointers = pointersTo(arguments);
  const pid_t child = fork();
  if (child == 0) {
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) _exit(127);
    putAt(ends[1], STDOUT_FILENO);
    putAt(null, STDIN_FILENO);
    putAt(null, STDERR_FILENO);
    execv(pointers[0], pointers.data());
    _exit(127);
  }
  close(ends[1]);
  Output output{127, ""};
  char buffer[4096];
  for (;;) {
    const ssize_t got = child < 0 ? 0 : read(ends[0], buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    output.text.append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (child > 0)
    output.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

void execute(const std::vector<std::string>& arguments) {
  const std::vector<char*> pointers = pointersTo(arguments);
  execv(pointers[0], pointers.data());
}

std::string shellQuoted(const std::string& argument) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%^";
  if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string::npos) return argument;
  std::string quoted = "'";
  for (const char letter : argument) {
    if (letter == '\'')
      quoted += "'\\''";
    else
      quoted += letter;
  }
  return quoted + "'";
}

std::string shellQuoted(const std::vector<std::string>& arguments) {
  std::string line;
  for (const std::string& argument : arguments)
    line += (line.empty() ? "" : " ") + shellQuoted(argument);
  return line;
}

}  // namespace hindsight::tools
