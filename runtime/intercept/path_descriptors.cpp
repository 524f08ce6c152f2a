// path_descriptors.cpp - descriptors by name, extended attributes, mounts.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/uniform.h"

#include <sys/fanotify.h>
#include <sys/mount.h>
#include <sys/swap.h>
#include <sys/xattr.h>

using namespace hindsight;

HINDSIGHT_INTERCEPTOR int name_to_handle_at(int dfd, const char* name, struct file_handle* handle,
                                            int* mnt_id, int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.name_to_handle_at(dfd, name, handle, mnt_id, flags); },
      [=](InterceptedCall& call) {
        readsText(call, name);
        readsBytes(call, handle, sizeof handle->handle_bytes);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesBytes(call, handle, sizeof *handle + handle->handle_bytes);
          writesObject(call, mnt_id);
        }
      });
}

HINDSIGHT_INTERCEPTOR int open_by_handle_at(int mountdirfd, struct file_handle* handle, int flags) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.open_by_handle_at(mountdirfd, handle, flags); },
      [=](InterceptedCall& call) {
        readsBytes(call, handle, sizeof *handle + handle->handle_bytes);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) fdOpened(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int shm_open(const char* name, int oflag, mode_t mode) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.shm_open(name, oflag, mode); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) fdOpened(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int shm_unlink(const char* name) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.shm_unlink(name); },
      [=](InterceptedCall& call) { readsText(call, name); });
}

HINDSIGHT_INTERCEPTOR int memfd_create(const char* name, unsigned int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.memfd_create(name, flags); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) fdOpened(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int inotify_add_watch(int fd, const char* name, uint32_t mask) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inotify_add_watch(fd, name, mask); },
      [=](InterceptedCall& call) { readsText(call, name); });
}

HINDSIGHT_INTERCEPTOR int fanotify_init(unsigned int flags, unsigned int event_f_flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fanotify_init(flags, event_f_flags); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) eventFdOpened(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int fanotify_mark(int fanotify_fd, unsigned int flags, uint64_t mask, int dfd,
                                        const char* pathname) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.fanotify_mark(fanotify_fd, flags, mask, dfd, pathname); },
      [=](InterceptedCall& call) { readsText(call, pathname); });
}

HINDSIGHT_INTERCEPTOR ssize_t copy_file_range(int infd, __off64_t* pinoff, int outfd,
                                              __off64_t* poutoff, size_t length,
                                              unsigned int flags) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.copy_file_range(infd, pinoff, outfd, poutoff, length, flags); },
      [=](InterceptedCall& call) {
        readsObject(call, pinoff);
        readsObject(call, poutoff);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) {
          writesObject(call, pinoff);
          writesObject(call, poutoff);
        }
      });
}

// Extended attributes

HINDSIGHT_INTERCEPTOR ssize_t getxattr(const char* path, const char* name, void* value,
                                       size_t size) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getxattr(path, name, value, size); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsText(call, name);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0 && size != 0) writesBytes(call, value, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR ssize_t lgetxattr(const char* path, const char* name, void* value,
                                        size_t size) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lgetxattr(path, name, value, size); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsText(call, name);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0 && size != 0) writesBytes(call, value, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR ssize_t fgetxattr(int fd, const char* name, void* value,
                                        size_t size) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fgetxattr(fd, name, value, size); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0 && size != 0) writesBytes(call, value, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR int setxattr(const char* path, const char* name, const void* value,
                                   size_t size, int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setxattr(path, name, value, size, flags); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsText(call, name);
        readsBytes(call, value, size);
      });
}

HINDSIGHT_INTERCEPTOR int lsetxattr(const char* path, const char* name, const void* value,
                                    size_t size, int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lsetxattr(path, name, value, size, flags); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsText(call, name);
        readsBytes(call, value, size);
      });
}

HINDSIGHT_INTERCEPTOR int fsetxattr(int fd, const char* name, const void* value, size_t size,
                                    int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fsetxattr(fd, name, value, size, flags); },
      [=](InterceptedCall& call) {
        readsText(call, name);
        readsBytes(call, value, size);
      });
}

HINDSIGHT_INTERCEPTOR ssize_t listxattr(const char* path, char* list, size_t size) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.listxattr(path, list, size); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0 && size != 0) writesBytes(call, list, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR ssize_t llistxattr(const char* path, char* list, size_t size) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.llistxattr(path, list, size); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, const auto result) {
        if (result > 0 && size != 0) writesBytes(call, list, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR ssize_t flistxattr(int fd, char* list, size_t size) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.flistxattr(fd, list, size); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0 && size != 0) writesBytes(call, list, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR int removexattr(const char* path, const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.removexattr(path, name); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsText(call, name);
      });
}

HINDSIGHT_INTERCEPTOR int lremovexattr(const char* path, const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lremovexattr(path, name); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsText(call, name);
      });
}

HINDSIGHT_INTERCEPTOR int fremovexattr(int fd, const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fremovexattr(fd, name); },
      [=](InterceptedCall& call) { readsText(call, name); });
}

// Mounts

HINDSIGHT_INTERCEPTOR int mount(const char* special_file, const char* dir, const char* fstype,
                                unsigned long rwflag, const void* data) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mount(special_file, dir, fstype, rwflag, data); },
      [=](InterceptedCall& call) {
        readsText(call, special_file);
        readsText(call, dir);
        readsText(call, fstype);
      });
}

HINDSIGHT_INTERCEPTOR int umount(const char* special_file) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.umount(special_file); },
      [=](InterceptedCall& call) { readsText(call, special_file); });
}

HINDSIGHT_INTERCEPTOR int umount2(const char* special_file, int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.umount2(special_file, flags); },
      [=](InterceptedCall& call) { readsText(call, special_file); });
}

HINDSIGHT_INTERCEPTOR int swapon(const char* path, int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.swapon(path, flags); },
      [=](InterceptedCall& call) { readsText(call, path); });
}

HINDSIGHT_INTERCEPTOR int swapoff(const char* path) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.swapoff(path); },
      [=](InterceptedCall& call) { readsText(call, path); });
}

HINDSIGHT_INTERCEPTOR int pivot_root(const char* root, const char* old) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pivot_root(root, old); },
      [=](InterceptedCall& call) {
        readsText(call, root);
        readsText(call, old);
      });
}

HINDSIGHT_INTERCEPTOR int fsopen(const char* fs_name, unsigned int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fsopen(fs_name, flags); },
      [=](InterceptedCall& call) { readsText(call, fs_name); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) fdOpened(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int fspick(int dfd, const char* path, unsigned int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fspick(dfd, path, flags); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) fdOpened(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int open_tree(int dfd, const char* filename, unsigned int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.open_tree(dfd, filename, flags); },
      [=](InterceptedCall& call) { readsText(call, filename); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) fdOpened(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int move_mount(int from_dfd, const char* from_pathname, int to_dfd,
                                     const char* to_pathname, unsigned int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.move_mount(from_dfd, from_pathname, to_dfd, to_pathname, flags); },
      [=](InterceptedCall& call) {
        readsText(call, from_pathname);
        readsText(call, to_pathname);
      });
}

HINDSIGHT_INTERCEPTOR int fsconfig(int fd, unsigned int cmd, const char* key, const void* value,
                                   int aux) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fsconfig(fd, cmd, key, value, aux); },
      [=](InterceptedCall& call) { readsText(call, key); });
}

HINDSIGHT_INTERCEPTOR int fsmount(int fd, unsigned int flags, unsigned int ms_flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fsmount(fd, flags, ms_flags); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) fdOpened(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int mount_setattr(int dfd, const char* path, unsigned int flags,
                                        struct mount_attr* uattr, size_t usize) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mount_setattr(dfd, path, flags, uattr, usize); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsBytes(call, uattr, usize);
      });
}
