#include "report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

#include "base/text.h"
#include "base/text_writer.h"
#include "platform/process_start.h"
#include "platform/syscalls.h"

namespace hindsight {
namespace {

constexpr int kStdout = 1, kStderr = 2;
constexpr u32 kMaxWaits = 20;  // for a pipe that nobody reads
constexpr long kWaitNs = 100'000'000;

struct Output {
  const char* log_path;  // absolute, without the process id; null: `fd`
  int fd;                // kStdout, kStderr or the program's choice
  bool usable[3];        // descriptors that were open at start
  sptr log_pid;          // process that has begun its log file
  bool has_complained;
};

constinit Output g_output = {nullptr, kStderr, {true, true, true}, 0, false};

/// While it lives, a write to a closed pipe or past the file size limit is an error, no signal.
class FatalSignalsHeld {
 public:
  FatalSignalsHeld() {
    sysRtSigprocmask(SIG_BLOCK, &kFatal, &old_);
    sysRtSigpending(&pending_before_);
  }
  ~FatalSignalsHeld() {
    // What came in meanwhile is ours; what was waiting before stays for the program.
    u64 pending = 0;
    sysRtSigpending(&pending);
    const u64 ours = pending & ~pending_before_ & kFatal;
    const timespec no_wait = {0, 0};
    if (ours != 0) sysRtSigtimedwait(&ours, nullptr, &no_wait);
    sysRtSigprocmask(SIG_SETMASK, &old_, nullptr);
  }
  FatalSignalsHeld(const FatalSignalsHeld&) = delete;
  FatalSignalsHeld& operator=(const FatalSignalsHeld&) = delete;

 private:
  static constexpr u64 kFatal = 1ull << (SIGPIPE - 1) | 1ull << (SIGXFSZ - 1);
  u64 old_ = 0, pending_before_ = 0;
};

bool waitUntilWritable(int fd) {
  pollfd entry = {fd, POLLOUT, 0};
  const timespec wait = {0, kWaitNs};
  return sysPoll(&entry, 1, &wait) >= 0;
}

/// Returns 0, or the errno that stopped it.
int writeAll(int fd, const char* data, size_t bytes) {
  FatalSignalsHeld held;
  u32 waits = 0;
  while (bytes > 0) {
    const sptr written = sysWrite(fd, data, bytes);
    if (written > 0) {
      data += written;
      bytes -= static_cast<size_t>(written);
      waits = 0;
    } else if (written == -EAGAIN && waits++ < kMaxWaits) {
      waitUntilWritable(fd);  // the program made the descriptor non-blocking
    } else if (written == 0) {
      return EIO;
    } else if (written != -EINTR) {
      return static_cast<int>(-written);
    }
  }
  return 0;
}

const char* errorText(int error) {
  switch (error) {
    case EACCES:
    case EPERM: return "permission denied";
    case ENOENT: return "no such directory";
    case ENOTDIR: return "not a directory";
    case EISDIR: return "is a directory";
    case ENOSPC: return "no space left on device";
    case EDQUOT: return "disk quota exceeded";
    case EFBIG: return "file too large";
    case EROFS: return "read-only file system";
    case EMFILE:
    case ENFILE: return "too many open files";
    case ENAMETOOLONG: return "name too long";
    case EBADF: return "closed";
    case EPIPE: return "nobody reads the pipe";
    default: return "error";
  }
}

/// Whether nothing was written to the file since this process began: then it is of an older process
/// with the same id. What this process wrote before it replaced its program is newer.
bool isStale(int fd) {
  constexpr u64 kSecond = 1'000'000'000;
  struct stat status = {};
  const u64 start = processStart();
  if (start == 0 || syscallFailed(sysFstat(fd, &status))) return true;
  const u64 nanoseconds = static_cast<u64>(status.st_mtim.tv_nsec);
  const u64 written = static_cast<u64>(status.st_mtim.tv_sec) * kSecond + nanoseconds;
  // What the time of a file lags behind the clock at most; some file systems know whole seconds
  // only.
  const u64 coarse = nanoseconds == 0 ? 2 * kSecond : kSecond / 50;
  return written + coarse < start;
}

/// Returns 0, or an errno; `path` is what was tried.
int writeLog(const char* data, size_t bytes, TextWriter& path) {
  const sptr pid = sysGetpid();
  path.text(g_output.log_path).character('.').decimal(static_cast<u64>(pid));
  const sptr fd = sysOpen(path.data(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (syscallFailed(fd)) return static_cast<int>(-fd);
  if (g_output.log_pid != pid && isStale(static_cast<int>(fd)))
    sysFtruncate(static_cast<int>(fd), 0);
  g_output.log_pid = pid;
  const int error = writeAll(static_cast<int>(fd), data, bytes);
  sysClose(static_cast<int>(fd));
  return error;
}

void complain(const char* what, int error) {
  if (g_output.has_complained) return;
  g_output.has_complained = true;
  TextWriter message;
  message.text("hindsight: cannot write ").text(what).text(" (").text(errorText(error));
  message.text(", errno ").decimal(static_cast<u64>(error)).text("); reports go to stderr\n");
  writeStderr(message.data(), message.size());
}

bool isUsable(int fd) { return fd > kStderr || (fd >= 0 && g_output.usable[fd]); }

bool isOpen(int fd) { return !syscallFailed(sysFcntl(fd, F_GETFD)); }

}  // namespace

void prepareOutput(const char* log_path) {
  for (int fd = 0; fd <= kStderr; ++fd) g_output.usable[fd] = isOpen(fd);
  setLogPath(log_path);
}

void setLogPath(const char* log_path) {
  g_output.log_path = nullptr;
  g_output.fd = kStderr;
  if (log_path == nullptr || textEqual(log_path, "stderr")) return;
  if (textEqual(log_path, "stdout")) {
    g_output.fd = kStdout;
    return;
  }
  // The program may change its working directory.
  char directory[4096];
  TextWriter path;
  if (log_path[0] != '/' && sysGetcwd(directory, sizeof(directory)) > 0)
    path.text(directory).character('/');
  path.text(log_path);
  g_output.log_path = copyText(path.data(), path.size());
  g_output.log_pid = 0;
}

void setOutputDescriptor(int fd) {
  g_output.log_path = nullptr;
  g_output.fd = fd;
}

bool currentLogPath(char* path, size_t capacity) {
  if (g_output.log_path == nullptr) return false;
  TextWriter name;
  name.text(g_output.log_path).character('.').decimal(static_cast<u64>(sysGetpid()));
  if (name.size() + 1 > capacity) return false;
  __builtin_memcpy(path, name.data(), name.size());
  path[name.size()] = '\0';
  return true;
}

void writeStderr(const char* data, size_t bytes) {
  if (g_output.usable[kStderr]) writeAll(kStderr, data, bytes);
}

void writeOutput(const char* data, size_t bytes) {
  TextWriter path;
  int error = 0;
  if (g_output.log_path != nullptr)
    error = writeLog(data, bytes, path);
  else if (g_output.fd == kStderr)
    return writeStderr(data, bytes);
  else
    error = isUsable(g_output.fd) ? writeAll(g_output.fd, data, bytes) : EBADF;
  if (error == 0) return;
  complain(g_output.log_path != nullptr ? path.data() : "the descriptor for reports", error);
  writeStderr(data, bytes);
}

bool outputIsTerminal() {
  if (g_output.log_path != nullptr || !isUsable(g_output.fd)) return false;
  constexpr uptr kGetTerminalAttributes = 0x5401;  // TCGETS
  u64 attributes[16];                              // a struct termios that nobody looks at
  return !syscallFailed(sysIoctl(g_output.fd, kGetTerminalAttributes, attributes));
}

}  // namespace hindsight
