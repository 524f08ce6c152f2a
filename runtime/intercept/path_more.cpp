// path_more.cpp - the other functions that take a path: names, modes, changes.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/uniform.h"

#include <sys/statfs.h>
#include <sys/statvfs.h>

using namespace hindsight;

// Information

HINDSIGHT_INTERCEPTOR int __xstat(int version, const char* path, struct stat* info) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__xstat(version, path, info); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, info);
      });
}
HINDSIGHT_ALIAS(__xstat64, __xstat);

HINDSIGHT_INTERCEPTOR int __lxstat(int version, const char* path, struct stat* info) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__lxstat(version, path, info); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, info);
      });
}
HINDSIGHT_ALIAS(__lxstat64, __lxstat);

HINDSIGHT_INTERCEPTOR int __fxstat(int version, int fd, struct stat* info) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__fxstat(version, fd, info); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, info);
      });
}
HINDSIGHT_ALIAS(__fxstat64, __fxstat);

HINDSIGHT_INTERCEPTOR int __fxstatat(int version, int directory, const char* path,
                                     struct stat* info, int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__fxstatat(version, directory, path, info, flags); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, info);
      });
}
HINDSIGHT_ALIAS(__fxstatat64, __fxstatat);

HINDSIGHT_INTERCEPTOR int statx(int dirfd, const char* path, int flags, unsigned int mask,
                                struct statx* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.statx(dirfd, path, flags, mask, buf); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buf);
      });
}

HINDSIGHT_INTERCEPTOR int statfs(const char* file, struct statfs* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.statfs(file, buf); },
      [=](InterceptedCall& call) { readsText(call, file); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buf);
      });
}
HINDSIGHT_ALIAS(__statfs, statfs);
HINDSIGHT_ALIAS_AS(decltype(::statfs64) statfs64, statfs);

HINDSIGHT_INTERCEPTOR int fstatfs(int fildes, struct statfs* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fstatfs(fildes, buf); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buf);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::fstatfs64) fstatfs64, fstatfs);

HINDSIGHT_INTERCEPTOR int statvfs(const char* file, struct statvfs* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.statvfs(file, buf); },
      [=](InterceptedCall& call) { readsText(call, file); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buf);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::statvfs64) statvfs64, statvfs);

HINDSIGHT_INTERCEPTOR int fstatvfs(int fildes, struct statvfs* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fstatvfs(fildes, buf); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buf);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::fstatvfs64) fstatvfs64, fstatvfs);

HINDSIGHT_INTERCEPTOR int faccessat(int fd, const char* file, int type, int flag) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.faccessat(fd, file, type, flag); },
      [=](InterceptedCall& call) { readsText(call, file); });
}

HINDSIGHT_INTERCEPTOR int euidaccess(const char* name, int type) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.euidaccess(name, type); },
      [=](InterceptedCall& call) { readsText(call, name); });
}
HINDSIGHT_ALIAS(eaccess, euidaccess);

HINDSIGHT_INTERCEPTOR long pathconf(const char* path, int name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pathconf(path, name); },
      [=](InterceptedCall& call) { readsText(call, path); });
}

HINDSIGHT_INTERCEPTOR key_t ftok(const char* pathname, int proj_id) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ftok(pathname, proj_id); },
      [=](InterceptedCall& call) { readsText(call, pathname); });
}

HINDSIGHT_INTERCEPTOR ssize_t __readlinkat_chk(int directory, const char* path, char* buffer,
                                               size_t bytes, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.__readlinkat_chk(directory, path, buffer, bytes, room); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, buffer, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR char* canonicalize_file_name(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.canonicalize_file_name(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}

HINDSIGHT_INTERCEPTOR char* get_current_dir_name() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.get_current_dir_name(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}

HINDSIGHT_INTERCEPTOR char* getwd(char* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getwd(buf); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        if (result != nullptr) writesText(call, buf);
      });
}

HINDSIGHT_INTERCEPTOR char* __getwd_chk(char* buffer, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__getwd_chk(buffer, room); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        if (result != nullptr) writesText(call, buffer);
      });
}

// Changes

HINDSIGHT_INTERCEPTOR int chmod(const char* file, __mode_t mode) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.chmod(file, mode); },
      [=](InterceptedCall& call) { readsText(call, file); });
}

HINDSIGHT_INTERCEPTOR int lchmod(const char* file, __mode_t mode) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lchmod(file, mode); },
      [=](InterceptedCall& call) { readsText(call, file); });
}

HINDSIGHT_INTERCEPTOR int fchmodat(int fd, const char* file, __mode_t mode, int flag) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fchmodat(fd, file, mode, flag); },
      [=](InterceptedCall& call) { readsText(call, file); });
}

HINDSIGHT_INTERCEPTOR int chown(const char* file, __uid_t owner, __gid_t group) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.chown(file, owner, group); },
      [=](InterceptedCall& call) { readsText(call, file); });
}

HINDSIGHT_INTERCEPTOR int lchown(const char* file, __uid_t owner, __gid_t group) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lchown(file, owner, group); },
      [=](InterceptedCall& call) { readsText(call, file); });
}

HINDSIGHT_INTERCEPTOR int fchownat(int fd, const char* file, __uid_t owner, __gid_t group,
                                   int flag) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fchownat(fd, file, owner, group, flag); },
      [=](InterceptedCall& call) { readsText(call, file); });
}

HINDSIGHT_INTERCEPTOR int chroot(const char* path) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.chroot(path); },
      [=](InterceptedCall& call) { readsText(call, path); });
}

HINDSIGHT_INTERCEPTOR int link(const char* from, const char* to) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.link(from, to); },
      [=](InterceptedCall& call) {
        readsText(call, from);
        readsText(call, to);
      });
}

HINDSIGHT_INTERCEPTOR int linkat(int fromfd, const char* from, int tofd, const char* to,
                                 int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.linkat(fromfd, from, tofd, to, flags); },
      [=](InterceptedCall& call) {
        readsText(call, from);
        readsText(call, to);
      });
}

HINDSIGHT_INTERCEPTOR int symlink(const char* from, const char* to) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.symlink(from, to); },
      [=](InterceptedCall& call) {
        readsText(call, from);
        readsText(call, to);
      });
}

HINDSIGHT_INTERCEPTOR int symlinkat(const char* from, int tofd, const char* to) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.symlinkat(from, tofd, to); },
      [=](InterceptedCall& call) {
        readsText(call, from);
        readsText(call, to);
      });
}

HINDSIGHT_INTERCEPTOR int renameat(int oldfd, const char* old, int newfd,
                                   const char* value) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.renameat(oldfd, old, newfd, value); },
      [=](InterceptedCall& call) {
        readsText(call, old);
        readsText(call, value);
      });
}

HINDSIGHT_INTERCEPTOR int renameat2(int oldfd, const char* old, int newfd, const char* value,
                                    unsigned int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.renameat2(oldfd, old, newfd, value, flags); },
      [=](InterceptedCall& call) {
        readsText(call, old);
        readsText(call, value);
      });
}

HINDSIGHT_INTERCEPTOR int unlinkat(int fd, const char* name, int flag) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.unlinkat(fd, name, flag); },
      [=](InterceptedCall& call) { readsText(call, name); });
}

HINDSIGHT_INTERCEPTOR int mkdirat(int fd, const char* path, __mode_t mode) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mkdirat(fd, path, mode); },
      [=](InterceptedCall& call) { readsText(call, path); });
}

HINDSIGHT_INTERCEPTOR int mkfifo(const char* path, __mode_t mode) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mkfifo(path, mode); },
      [=](InterceptedCall& call) { readsText(call, path); });
}

HINDSIGHT_INTERCEPTOR int mkfifoat(int fd, const char* path, __mode_t mode) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mkfifoat(fd, path, mode); },
      [=](InterceptedCall& call) { readsText(call, path); });
}

HINDSIGHT_INTERCEPTOR int mknod(const char* path, __mode_t mode, __dev_t dev) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mknod(path, mode, dev); },
      [=](InterceptedCall& call) { readsText(call, path); });
}

HINDSIGHT_INTERCEPTOR int mknodat(int fd, const char* path, __mode_t mode, __dev_t dev) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mknodat(fd, path, mode, dev); },
      [=](InterceptedCall& call) { readsText(call, path); });
}

HINDSIGHT_INTERCEPTOR int __xmknod(int version, const char* path, mode_t mode,
                                   dev_t* device) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__xmknod(version, path, mode, device); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsObject(call, device);
      });
}

HINDSIGHT_INTERCEPTOR int __xmknodat(int version, int directory, const char* path, mode_t mode,
                                     dev_t* device) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__xmknodat(version, directory, path, mode, device); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsObject(call, device);
      });
}

HINDSIGHT_INTERCEPTOR int truncate(const char* file, __off_t length) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.truncate(file, length); },
      [=](InterceptedCall& call) { readsText(call, file); });
}
HINDSIGHT_ALIAS_AS(decltype(::truncate64) truncate64, truncate);

HINDSIGHT_INTERCEPTOR int revoke(const char* file) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.revoke(file); },
      [=](InterceptedCall& call) { readsText(call, file); });
}

HINDSIGHT_INTERCEPTOR char* mktemp(char* pattern) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mktemp(pattern); },
      [=](InterceptedCall& call) { readsText(call, pattern); },
      [=](InterceptedCall& call, auto result) {
        writesBytes(call,
                    result != nullptr && *result != 0 ? result + textBytes(result) - 7 : result,
                    result != nullptr && *result != 0 ? 6 : 1);
      });
}

HINDSIGHT_INTERCEPTOR char* mkdtemp(char* pattern) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mkdtemp(pattern); },
      [=](InterceptedCall& call) { readsText(call, pattern); },
      [=](InterceptedCall& call, auto result) {
        if (result != nullptr) writesBytes(call, result + textBytes(result) - 7, 6);
      });
}

namespace {

/// The six X's stand in front of the `suffix` last characters.
template <class RealCall>
int makeFile(uptr pc, char* path, int suffix, RealCall real_call) {
  return intercepted(
      pc, real_call, [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, int fd) {
        if (fd < 0) return;
        fdOpened(call, fd);
        call.writes(path + textBytes(path) - 7 - suffix, 6);
      });
}

}  // namespace

HINDSIGHT_INTERCEPTOR int mkostemp(char* path, int flags) {
  return makeFile(HINDSIGHT_CALLER_PC, path, 0, [=] { return real.mkostemp(path, flags); });
}
HINDSIGHT_ALIAS(mkostemp64, mkostemp);

HINDSIGHT_INTERCEPTOR int mkstemps(char* path, int suffix) {
  return makeFile(HINDSIGHT_CALLER_PC, path, suffix, [=] { return real.mkstemps(path, suffix); });
}
HINDSIGHT_ALIAS(mkstemps64, mkstemps);

HINDSIGHT_INTERCEPTOR int mkostemps(char* path, int suffix, int flags) {
  return makeFile(HINDSIGHT_CALLER_PC, path, suffix,
                  [=] { return real.mkostemps(path, suffix, flags); });
}
HINDSIGHT_ALIAS(mkostemps64, mkostemps);

HINDSIGHT_INTERCEPTOR char* tempnam(const char* dir, const char* pfx) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tempnam(dir, pfx); },
      [=](InterceptedCall& call) {
        readsText(call, dir);
        readsText(call, pfx);
      },
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}

HINDSIGHT_INTERCEPTOR char* tmpnam(char* argument1) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tmpnam(argument1); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}

HINDSIGHT_INTERCEPTOR char* tmpnam_r(char* s) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.tmpnam_r(s); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        if (result != nullptr) writesText(call, s);
      });
}
