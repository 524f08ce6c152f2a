// path.cpp - stat, readlink, realpath, readdir: functions that take a path or fill in a buffer.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/intercepted_call.h"

using namespace hindsight;

namespace {

/// A call that reads `path` and nothing else of the program's memory.
template <class RealCall>
auto withPath(uptr pc, const char* path, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  if (path != nullptr) call.readsString(path);
  return call.blocking(real_call);
}

/// A call that reads `path` and fills `*result` when it returns 0. Without a path: fstat.
template <class Result, class RealCall>
int fillFrom(uptr pc, const char* path, const Result* result, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  if (path != nullptr) call.readsString(path);
  const int error = call.blocking(real_call);
  if (error == 0) call.writes(result, sizeof *result);
  return error;
}

template <class RealCall>
ssize_t readLink(uptr pc, const char* path, const char* buffer, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  call.readsString(path);
  const ssize_t length = call.blocking(real_call);
  if (length > 0) call.writes(buffer, static_cast<size_t>(length));
  return length;
}

/// A call that returns a string, in the caller's buffer or a new block.
template <class RealCall>
char* textFrom(uptr pc, const char* path, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  if (path != nullptr) call.readsString(path);
  char* text = call.blocking(real_call);
  if (text != nullptr) call.writes(text, real.strlen(text) + 1);
  return text;
}

template <class RealOpen>
DIR* openDirectory(uptr pc, const char* path, RealOpen real_open) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_open();
  if (path != nullptr) call.readsString(path);
  DIR* directory = call.blocking(real_open);
  if (directory != nullptr) fdOpened(call, ::dirfd(directory));
  return directory;
}

}  // namespace

// File information. The 64-bit forms are the same functions on these processors.

HINDSIGHT_INTERCEPTOR int stat(const char* path, struct stat* info) noexcept {
  return fillFrom(HINDSIGHT_CALLER_PC, path, info, [=] { return real.stat(path, info); });
}
HINDSIGHT_ALIAS_AS(int stat64(const char*, struct stat64*) noexcept, stat);

HINDSIGHT_INTERCEPTOR int lstat(const char* path, struct stat* info) noexcept {
  return fillFrom(HINDSIGHT_CALLER_PC, path, info, [=] { return real.lstat(path, info); });
}
HINDSIGHT_ALIAS_AS(int lstat64(const char*, struct stat64*) noexcept, lstat);

HINDSIGHT_INTERCEPTOR int fstat(int fd, struct stat* info) noexcept {
  return fillFrom(HINDSIGHT_CALLER_PC, nullptr, info, [=] { return real.fstat(fd, info); });
}
HINDSIGHT_ALIAS_AS(int fstat64(int, struct stat64*) noexcept, fstat);

HINDSIGHT_INTERCEPTOR int fstatat(int directory, const char* path, struct stat* info,
                                  int flags) noexcept {
  return fillFrom(HINDSIGHT_CALLER_PC, path, info,
                  [=] { return real.fstatat(directory, path, info, flags); });
}
HINDSIGHT_ALIAS_AS(int fstatat64(int, const char*, struct stat64*, int) noexcept, fstatat);

HINDSIGHT_INTERCEPTOR int access(const char* path, int mode) noexcept {
  return withPath(HINDSIGHT_CALLER_PC, path, [=] { return real.access(path, mode); });
}

// Names

HINDSIGHT_INTERCEPTOR ssize_t readlink(const char* path, char* buffer, size_t bytes) noexcept {
  return readLink(HINDSIGHT_CALLER_PC, path, buffer,
                  [=] { return real.readlink(path, buffer, bytes); });
}

HINDSIGHT_INTERCEPTOR ssize_t __readlink_chk(const char* path, char* buffer, size_t bytes,
                                             size_t room) noexcept {
  if (bytes > room) __chk_fail();
  return readLink(HINDSIGHT_CALLER_PC, path, buffer,
                  [=] { return real.readlink(path, buffer, bytes); });
}

HINDSIGHT_INTERCEPTOR ssize_t readlinkat(int directory, const char* path, char* buffer,
                                         size_t bytes) noexcept {
  return readLink(HINDSIGHT_CALLER_PC, path, buffer,
                  [=] { return real.readlinkat(directory, path, buffer, bytes); });
}

HINDSIGHT_INTERCEPTOR char* getcwd(char* buffer, size_t bytes) noexcept {
  return textFrom(HINDSIGHT_CALLER_PC, nullptr, [=] { return real.getcwd(buffer, bytes); });
}

HINDSIGHT_INTERCEPTOR char* __getcwd_chk(char* buffer, size_t bytes, size_t room) noexcept {
  if (bytes > room) __chk_fail();
  return textFrom(HINDSIGHT_CALLER_PC, nullptr, [=] { return real.getcwd(buffer, bytes); });
}

HINDSIGHT_INTERCEPTOR char* realpath(const char* path, char* resolved) noexcept {
  return textFrom(HINDSIGHT_CALLER_PC, path, [=] { return real.realpath(path, resolved); });
}

HINDSIGHT_INTERCEPTOR char* __realpath_chk(const char* path, char* resolved, size_t room) noexcept {
  if (room < PATH_MAX) __chk_fail();
  return textFrom(HINDSIGHT_CALLER_PC, path, [=] { return real.realpath(path, resolved); });
}

HINDSIGHT_INTERCEPTOR int gethostname(char* buffer, size_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.gethostname(buffer, bytes);
  const int error = call.blocking([=] { return real.gethostname(buffer, bytes); });
  if (error == 0) call.writes(buffer, min(real.strlen(buffer) + 1, bytes));
  return error;
}

// Changes

HINDSIGHT_INTERCEPTOR int unlink(const char* path) noexcept {
  return withPath(HINDSIGHT_CALLER_PC, path, [=] { return real.unlink(path); });
}

HINDSIGHT_INTERCEPTOR int remove(const char* path) noexcept {
  return withPath(HINDSIGHT_CALLER_PC, path, [=] { return real.remove(path); });
}

HINDSIGHT_INTERCEPTOR int rmdir(const char* path) noexcept {
  return withPath(HINDSIGHT_CALLER_PC, path, [=] { return real.rmdir(path); });
}

HINDSIGHT_INTERCEPTOR int mkdir(const char* path, mode_t mode) noexcept {
  return withPath(HINDSIGHT_CALLER_PC, path, [=] { return real.mkdir(path, mode); });
}

HINDSIGHT_INTERCEPTOR int chdir(const char* path) noexcept {
  return withPath(HINDSIGHT_CALLER_PC, path, [=] { return real.chdir(path); });
}

HINDSIGHT_INTERCEPTOR int rename(const char* from, const char* to) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.rename(from, to);
  call.readsString(from);
  call.readsString(to);
  return call.blocking([=] { return real.rename(from, to); });
}

// Directories. An entry lives in the stream's buffer: two threads that read one stream without
// synchronisation overwrite each other's.

HINDSIGHT_INTERCEPTOR DIR* opendir(const char* path) {
  return openDirectory(HINDSIGHT_CALLER_PC, path, [=] { return real.opendir(path); });
}

HINDSIGHT_INTERCEPTOR dirent* readdir(DIR* directory) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.readdir(directory);
  dirent* entry = call.blocking([=] { return real.readdir(directory); });
  if (entry != nullptr) call.writes(entry, entry->d_reclen);
  return entry;
}
HINDSIGHT_ALIAS_AS(struct dirent64* readdir64(DIR*), readdir);

HINDSIGHT_INTERCEPTOR int closedir(DIR* directory) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.closedir(directory);
  fdClosing(call, ::dirfd(directory));
  return call.blocking([=] { return real.closedir(directory); });
}
