// descriptor.cpp - open, close, dup, pipe, eventfd: descriptors come, go and change their meaning.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/file_locks.h"
#include "intercept/intercepted_call.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

bool takesMode(int flags) { return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE; }

template <class RealOpen>
int openPath(uptr pc, const char* path, RealOpen real_open) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_open();
  call.readsString(path);
  const int fd = call.blocking(real_open);
  if (fd >= 0) fdOpened(call, fd);
  return fd;
}

template <class RealPipe>
int openPipe(uptr pc, int fds[2], RealPipe real_pipe) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_pipe();
  const int result = call.blocking(real_pipe);
  if (result != 0) return result;
  pipeOpened(fds[0], fds[1]);
  descriptorOpened(call, fds[0]);
  descriptorOpened(call, fds[1]);
  call.writes(fds, 2 * sizeof(int));
  return result;
}

template <class RealOpen>
int openEvents(uptr pc, RealOpen real_open) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_open();
  const int fd = call.blocking(real_open);
  if (fd >= 0) eventFdOpened(call, fd);
  return fd;
}

/// dup2 and dup3 close `to` first; fails without closing it only when `from` is no descriptor.
template <class RealDup>
int duplicateTo(uptr pc, int from, int to, RealDup real_dup) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_dup();
  if (from != to && to >= 0) fdReplacing(call, to);
  descriptorUsed(call, from);
  const int fd = callOnFd(call, from, real_dup);
  if (fd >= 0) fdDuplicated(call, from, fd);
  return fd;
}

/// fcntl's argument is an int or a pointer, or absent; passed on as the register holds it.
int controlFd(uptr pc, int fd, int command, void* argument) {
  InterceptedCall call(pc);
  if (call.bypass()) return real.fcntl(fd, command, argument);
  const bool duplicates = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
  const bool asks = command == F_GETLK || command == F_OFD_GETLK;
  const auto* lock = static_cast<const struct flock*>(argument);
  if (asks || command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK ||
      command == F_OFD_SETLKW)
    readsObject(call, lock);
  descriptorUsed(call, fd);
  rangeLockStarts(call, fd, command, lock);
  const int result = callOnFd(call, fd, [=] { return real.fcntl(fd, command, argument); });
  if (duplicates && result >= 0) fdDuplicated(call, fd, result);
  if (result == 0) rangeLockDone(call, fd, command, lock);
  if (asks && result == 0) writesObject(call, lock);
  return result;
}

void closeRange(InterceptedCall& call, u32 first, u32 last) {
  descriptorsClosing(call, first, last);
  fdRangeClosing(call.thread(), first, last);
}

}  // namespace

// open

HINDSIGHT_INTERCEPTOR int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if (takesMode(flags)) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  return openPath(HINDSIGHT_CALLER_PC, path, [=] { return real.open(path, flags, mode); });
}
HINDSIGHT_ALIAS(open64, open);
HINDSIGHT_ALIAS(__open, open);
HINDSIGHT_ALIAS(__open64, open);

HINDSIGHT_INTERCEPTOR int __open_2(const char* path, int flags) {
  if (takesMode(flags)) __chk_fail();
  return openPath(HINDSIGHT_CALLER_PC, path, [=] { return real.open(path, flags, 0); });
}
HINDSIGHT_ALIAS(__open64_2, __open_2);

HINDSIGHT_INTERCEPTOR int openat(int directory, const char* path, int flags, ...) {
  mode_t mode = 0;
  if (takesMode(flags)) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  return openPath(HINDSIGHT_CALLER_PC, path,
                  [=] { return real.openat(directory, path, flags, mode); });
}
HINDSIGHT_ALIAS(openat64, openat);

HINDSIGHT_INTERCEPTOR int __openat_2(int directory, const char* path, int flags) {
  if (takesMode(flags)) __chk_fail();
  return openPath(HINDSIGHT_CALLER_PC, path,
                  [=] { return real.openat(directory, path, flags, 0); });
}
HINDSIGHT_ALIAS(__openat64_2, __openat_2);

HINDSIGHT_INTERCEPTOR int creat(const char* path, mode_t mode) {
  return openPath(HINDSIGHT_CALLER_PC, path, [=] { return real.creat(path, mode); });
}
HINDSIGHT_ALIAS(creat64, creat);

HINDSIGHT_INTERCEPTOR int mkstemp(char* path) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.mkstemp(path);
  call.readsString(path);
  const int fd = call.blocking([=] { return real.mkstemp(path); });
  if (fd < 0) return fd;
  fdOpened(call, fd);
  call.writes(path + real.strlen(path) - 6, 6);  // the six X's
  return fd;
}
HINDSIGHT_ALIAS(mkstemp64, mkstemp);

// close

HINDSIGHT_INTERCEPTOR int close(int fd) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.close(fd);
  fdClosing(call, fd);
  return call.blocking([=] { return real.close(fd); });
}
HINDSIGHT_ALIAS(__close, close);

HINDSIGHT_INTERCEPTOR int close_range(unsigned first, unsigned last, int flags) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.close_range(first, last, flags);
  constexpr int kOnlyMarks = 4;  // CLOSE_RANGE_CLOEXEC
  if ((flags & kOnlyMarks) == 0) closeRange(call, first, last);
  return call.blocking([=] { return real.close_range(first, last, flags); });
}

HINDSIGHT_INTERCEPTOR void closefrom(int first) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.closefrom(first);
  closeRange(call, static_cast<u32>(max(first, 0)), ~0u);
  call.blocking([=] { real.closefrom(first); });
}

// dup

HINDSIGHT_INTERCEPTOR int dup(int fd) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.dup(fd);
  descriptorUsed(call, fd);
  const int copy = callOnFd(call, fd, [=] { return real.dup(fd); });
  if (copy >= 0) fdDuplicated(call, fd, copy);
  return copy;
}

HINDSIGHT_INTERCEPTOR int dup2(int from, int to) noexcept {
  return duplicateTo(HINDSIGHT_CALLER_PC, from, to, [=] { return real.dup2(from, to); });
}
HINDSIGHT_ALIAS(__dup2, dup2);

HINDSIGHT_INTERCEPTOR int dup3(int from, int to, int flags) noexcept {
  return duplicateTo(HINDSIGHT_CALLER_PC, from, to, [=] { return real.dup3(from, to, flags); });
}

HINDSIGHT_INTERCEPTOR int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  return controlFd(HINDSIGHT_CALLER_PC, fd, command, argument);
}
HINDSIGHT_ALIAS(fcntl64, fcntl);
HINDSIGHT_ALIAS(__fcntl, fcntl);

// Pipes and event descriptors

HINDSIGHT_INTERCEPTOR int pipe(int fds[2]) noexcept {
  return openPipe(HINDSIGHT_CALLER_PC, fds, [=] { return real.pipe(fds); });
}
HINDSIGHT_ALIAS(__pipe, pipe);

HINDSIGHT_INTERCEPTOR int pipe2(int fds[2], int flags) noexcept {
  return openPipe(HINDSIGHT_CALLER_PC, fds, [=] { return real.pipe2(fds, flags); });
}

HINDSIGHT_INTERCEPTOR int eventfd(unsigned count, int flags) noexcept {
  return openEvents(HINDSIGHT_CALLER_PC, [=] { return real.eventfd(count, flags); });
}

HINDSIGHT_INTERCEPTOR int eventfd_read(int fd, eventfd_t* value) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.eventfd_read(fd, value);
  descriptorUsed(call, fd);
  const int result = callOnFd(call, fd, [=] { return real.eventfd_read(fd, value); });
  if (result != 0) return result;
  acquireFd(call.thread(), fd);
  call.writes(value, sizeof *value);
  return result;
}

HINDSIGHT_INTERCEPTOR int eventfd_write(int fd, eventfd_t value) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.eventfd_write(fd, value);
  releaseFd(call, fd);
  return callOnFd(call, fd, [=] { return real.eventfd_write(fd, value); });
}

HINDSIGHT_INTERCEPTOR int timerfd_create(clockid_t clock, int flags) noexcept {
  return openEvents(HINDSIGHT_CALLER_PC, [=] { return real.timerfd_create(clock, flags); });
}

HINDSIGHT_INTERCEPTOR int timerfd_settime(int fd, int flags, const itimerspec* value,
                                          itimerspec* old) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.timerfd_settime(fd, flags, value, old);
  call.reads(value, sizeof *value);
  releaseFd(call, fd);
  const int result =
      callOnFd(call, fd, [=] { return real.timerfd_settime(fd, flags, value, old); });
  if (result == 0 && old != nullptr) call.writes(old, sizeof *old);
  return result;
}

HINDSIGHT_INTERCEPTOR int timerfd_gettime(int fd, itimerspec* value) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.timerfd_gettime(fd, value);
  const int result = call.blocking([=] { return real.timerfd_gettime(fd, value); });
  if (result == 0) call.writes(value, sizeof *value);
  return result;
}

/// With an `fd` the call changes the mask of that descriptor and returns it.
HINDSIGHT_INTERCEPTOR int signalfd(int fd, const sigset_t* mask, int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.signalfd(fd, mask, flags); },
      [=](InterceptedCall& call) { readsObject(call, mask); },
      [=](InterceptedCall& call, int result) {
        if (fd != -1 || result < 0) return;
        signalFdOpened(result);
        descriptorOpened(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int inotify_init() noexcept {
  return openEvents(HINDSIGHT_CALLER_PC, [=] { return real.inotify_init(); });
}

HINDSIGHT_INTERCEPTOR int inotify_init1(int flags) noexcept {
  return openEvents(HINDSIGHT_CALLER_PC, [=] { return real.inotify_init1(flags); });
}
