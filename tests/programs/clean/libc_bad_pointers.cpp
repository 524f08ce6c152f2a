// Pointers that lead nowhere and counts beyond reason are for the system to refuse: EFAULT, EINVAL or EMSGSIZE,
// and no crash on the way there.
// FLAGS: -std=c++20 -pthread -Wno-format-security
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

extern "C" {
int capget(cap_user_header_t header, cap_user_data_t data);
int capset(cap_user_header_t header, const cap_user_data_t data);
}

namespace {

int failures = 0;

void refuses(long result, int expected, const char* call, const void* with) {
  const int error = errno;
  if (result == -1 && error == expected) return;
  fprintf(stdout, "%s with %p: %ld, %s\n", call, with, result, strerror(error));
  ++failures;
}

#define REFUSES(error, ...) (errno = 0, refuses(__VA_ARGS__, error, #__VA_ARGS__, nowhere))

/// The compiler knows nothing of its value: the headers declare many arguments nonnull.
template <class Type>
Type* opaque(void* pointer) {
  void* volatile hidden = pointer;
  return static_cast<Type*>(hidden);
}

void paths(void* nowhere) {
  const char* path = opaque<const char>(nowhere);
  char buffer[64];
  struct stat status;
  struct statfs system;
  REFUSES(EFAULT, open(path, O_RDONLY));
  REFUSES(EFAULT, openat(AT_FDCWD, path, O_RDONLY));
  REFUSES(EFAULT, creat(path, 0600));
  REFUSES(EFAULT, stat(path, &status));
  REFUSES(EFAULT, lstat("/", opaque<struct stat>(nowhere)));
  REFUSES(EFAULT, statfs(path, &system));
  REFUSES(EFAULT, access(path, R_OK));
  REFUSES(EFAULT, unlink(path));
  REFUSES(EFAULT, rename(path, "a"));
  REFUSES(EFAULT, link(path, "a"));
  REFUSES(EFAULT, symlink(path, "/nonexistent/a"));
  REFUSES(EFAULT, mkdir(path, 0700));
  REFUSES(EFAULT, rmdir(path));
  REFUSES(EFAULT, chdir(path));
  REFUSES(EFAULT, chmod(path, 0600));
  REFUSES(EFAULT, truncate(path, 0));
  REFUSES(EFAULT, readlink(path, buffer, sizeof buffer));
  REFUSES(EFAULT, getxattr("/", path, buffer, sizeof buffer));
  REFUSES(EFAULT, execve(path, opaque<char*>(nullptr), nullptr));
  REFUSES(EFAULT, fopen(path, "r") == nullptr ? -1 : 0);
}

void descriptors(void* nowhere) {
  int ends[2], sockets[2];
  if (pipe(ends) != 0 || socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) != 0) abort();
  if (write(ends[1], "text", 4) != 4 || send(sockets[0], "text", 4, 0) != 4) abort();
  const int zero = open("/dev/zero", O_RDONLY), epoll = epoll_create1(0);
  auto* address = opaque<sockaddr>(nowhere);
  auto* length = opaque<socklen_t>(nowhere);
  iovec part = {opaque<void>(nowhere), 4};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  REFUSES(EFAULT, read(zero, opaque<void>(nowhere), 8));
  REFUSES(EFAULT, write(ends[1], opaque<void>(nowhere), 8));
  REFUSES(EFAULT, readv(zero, &part, 1));
  REFUSES(EFAULT, readv(zero, opaque<iovec>(nowhere), 1));
  REFUSES(EFAULT, recv(sockets[1], opaque<void>(nowhere), 4, MSG_DONTWAIT | MSG_PEEK));
  REFUSES(EFAULT, recvmsg(sockets[1], opaque<msghdr>(nowhere), MSG_DONTWAIT));
  REFUSES(EFAULT, sendmsg(sockets[0], opaque<msghdr>(nowhere), 0));
  REFUSES(EFAULT, sendmsg(sockets[0], &message, 0));
  message.msg_iov = opaque<iovec>(nowhere);
  REFUSES(EFAULT, sendmsg(sockets[0], &message, 0));
  REFUSES(EFAULT, connect(sockets[0], address, 16));
  REFUSES(EFAULT, getsockname(sockets[0], address, length));
  REFUSES(EFAULT, getpeername(sockets[0], address, length));
  REFUSES(EFAULT, pipe(opaque<int>(nowhere)));
  REFUSES(EFAULT, poll(opaque<pollfd>(nowhere), 1, 0));
  REFUSES(EFAULT, epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], opaque<epoll_event>(nowhere)));
  const int opened[] = {ends[0], ends[1], sockets[0], sockets[1], zero, epoll};
  for (int fd : opened) close(fd);
}

void system(void* nowhere) {
  REFUSES(EFAULT, uname(opaque<utsname>(nowhere)));
  REFUSES(EFAULT, getrusage(RUSAGE_SELF, opaque<rusage>(nowhere)));
}

void control(void* nowhere) {
  __user_cap_header_struct own{_LINUX_CAPABILITY_VERSION_3, 0};
  REFUSES(EFAULT, prctl(PR_SET_NAME, nowhere));
  REFUSES(EFAULT, prctl(PR_GET_NAME, nowhere));
  REFUSES(EFAULT, prctl(PR_GET_PDEATHSIG, nowhere));
  REFUSES(EFAULT, capget(opaque<__user_cap_header_struct>(nowhere), nullptr));
  REFUSES(EFAULT, capset(&own, opaque<__user_cap_data_struct>(nowhere)));
  if (prctl(PR_GET_SECCOMP) != 0) return;  // qemu, which has no ptrace either
  REFUSES(EFAULT, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, nowhere));
  REFUSES(ESRCH, ptrace(PTRACE_GETREGSET, getpid(), 1, nowhere));
  REFUSES(ESRCH, ptrace(PTRACE_SETSIGINFO, getpid(), 0, nowhere));
}

void counts() {
  void* const nowhere = nullptr;
  char buffer[8] = {};
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) != 0) abort();
  pollfd set = {sockets[0], POLLIN, 0};
  iovec part = {buffer, sizeof buffer};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1u << 20;
  REFUSES(EINVAL, poll(&set, static_cast<nfds_t>(-1), 0));
  REFUSES(EINVAL, poll(&set, 1u << 30, 0));
  REFUSES(EINVAL, readv(sockets[1], &part, -1));
  REFUSES(EINVAL, writev(sockets[0], &part, 1 << 20));
  REFUSES(EMSGSIZE, sendmsg(sockets[0], &message, 0));
  REFUSES(EMSGSIZE, recvmsg(sockets[1], &message, MSG_DONTWAIT));
  message.msg_iovlen = static_cast<size_t>(-1);
  REFUSES(EMSGSIZE, sendmsg(sockets[0], &message, 0));
  close(sockets[0]);
  close(sockets[1]);
}

void missing() {
  void* const nowhere = nullptr;
  const char* format = opaque<const char>(nowhere);
  const auto* wide = opaque<const wchar_t>(nowhere);
  char buffer[16];
  wchar_t wide_buffer[16];
  char* made = nullptr;
  REFUSES(EINVAL, snprintf(buffer, sizeof buffer, format));
  REFUSES(EINVAL, fprintf(stderr, format));
  REFUSES(EINVAL, asprintf(&made, format));
  REFUSES(EINVAL, sscanf("1", format));
  REFUSES(EINVAL, swprintf(wide_buffer, 16, wide));
  REFUSES(EINVAL, swscanf(L"1", wide));
  REFUSES(EINVAL, setenv(format, "value", 1));
  REFUSES(EINVAL, unsetenv(format));
  REFUSES(EINVAL, realpath(format, buffer) == nullptr ? -1 : 0);
  REFUSES(ENOENT, execv("/nonexistent", opaque<char*>(nowhere)));
}

}  // namespace

int main() {
  void* const kNowhere[] = {nullptr, reinterpret_cast<void*>(16)};
  for (void* nowhere : kNowhere) {
    paths(nowhere);
    descriptors(nowhere);
    system(nowhere);
    control(nowhere);
  }
  counts();
  missing();
  return failures == 0 ? 0 : 1;
}
