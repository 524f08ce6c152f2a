#include "intercept/libc_headers.h"

#include "intercept/move_between.h"

#include <signal.h>
#include <sys/syscall.h>

namespace hindsight {
namespace {

/// Whether the call itself would be restarted after the signal that has ended a poll, which never
/// is. Nobody knows whose handler ran: it would if all handlers have SA_RESTART.
bool restartsAfterSignals() {
  constexpr u64 kFaults = 1ull << (SIGSEGV - 1) | 1ull << (SIGBUS - 1) | 1ull << (SIGFPE - 1) |
                          1ull << (SIGILL - 1) | 1ull << (SIGTRAP - 1);
  constexpr u64 kOfTheLibrary = 3ull << 31;  // 32 and 33
  for (int signal = 1; signal <= 64; ++signal) {
    if (((kFaults | kOfTheLibrary) >> (signal - 1) & 1) != 0) continue;
    struct {
      uptr handler;
      u64 flags;
      uptr restorer;
      u64 mask;
    } action{};
    if (syscallFailed(sysRtSigaction(signal, nullptr, &action))) continue;
    const bool handled = action.handler != 0 && action.handler != 1;  // SIG_DFL, SIG_IGN
    if (handled && (action.flags & SA_RESTART) == 0) return false;
  }
  return true;
}

/// How long a read from the socket `fd` waits; null if for ever, or if it is none.
const timespec* receiveTimeout(int fd, timespec& storage) {
  timeval limit{};
  socklen_t bytes = sizeof limit;
  if (syscallFailed(sysCall(SYS_getsockopt, static_cast<uptr>(fd), SOL_SOCKET, SO_RCVTIMEO,
                            reinterpret_cast<uptr>(&limit), reinterpret_cast<uptr>(&bytes))))
    return nullptr;
  if (limit.tv_sec == 0 && limit.tv_usec == 0) return nullptr;
  storage = {limit.tv_sec, limit.tv_usec * 1000};
  return &storage;
}

/// Descriptors that are ready (0 or 1), or a negative errno.
sptr pollInput(InterceptedCall& call, const Move& move, const timespec* limit) {
  pollfd ready{move.in, POLLIN, 0};
  if (!move.may_cancel) return call.blocking([&] { return sysPoll(&ready, 1, limit); });
  const int found = call.blocking([&] { return real.ppoll(&ready, 1, limit, nullptr); });
  return found < 0 ? -call.error() : found;
}

}  // namespace

bool moveWaits(const Move& move) {
  constexpr unsigned kFlags =
      SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT;  // others: EINVAL
  if (move.bytes == 0 || (move.flags & SPLICE_F_NONBLOCK) != 0 || (move.flags & ~kFlags) != 0)
    return false;
  const sptr in = sysFcntl(move.in, F_GETFL), out = sysFcntl(move.out, F_GETFL);
  if (syscallFailed(in) || syscallFailed(out)) return false;
  if ((in & O_NONBLOCK) != 0 || (in & O_ACCMODE) == O_WRONLY || (out & O_ACCMODE) == O_RDONLY)
    return false;
  struct stat from, to;
  if (syscallFailed(sysFstat(move.in, &from)) || syscallFailed(sysFstat(move.out, &to)))
    return false;
  if (S_ISFIFO(to.st_mode) && (out & O_NONBLOCK) != 0) return false;
  const bool from_pipe = S_ISFIFO(from.st_mode), to_pipe = S_ISFIFO(to.st_mode);
  if ((from_pipe && move.in_at != nullptr) || (to_pipe && move.out_at != nullptr)) return false;
  if (from_pipe && to_pipe) return from.st_dev != to.st_dev || from.st_ino != to.st_ino;
  return from_pipe || to_pipe;
}

int waitForInput(InterceptedCall& call, const Move& move) {
  pollfd ready{move.in, POLLIN, 0};
  const timespec now{};
  if (sysPoll(&ready, 1, &now) != 0 || !moveWaits(move)) return 0;
  timespec storage;
  const timespec* const limit = receiveTimeout(move.in, storage);
  for (;;) {
    const sptr found = pollInput(call, move, limit);
    if (found == 0) return EAGAIN;
    if (found != -EINTR) return 0;
    if (limit != nullptr || !restartsAfterSignals()) return EINTR;
  }
}

}  // namespace hindsight
