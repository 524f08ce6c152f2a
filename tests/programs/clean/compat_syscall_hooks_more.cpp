// compat_syscall_hooks_more.cpp - memory that the kernel has read and written, used by a thread that comes after.
// Clean: it is created later.
// REQUIRES: arch=x86_64
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

#include "kernel_call.h"

// What the kernel stores.
timeval now;
struct stat info;
char folder[4096], target[64], copied[8];
utsname name;
unsigned long processors[128];
rlimit limit;
long old_mask;
int size;
socklen_t size_bytes = sizeof size;
sockaddr_in address;
socklen_t address_bytes = sizeof address;
fd_set ready;
// What it reads.
char path[] = "/proc/self/exe", original[] = "copied";
timespec little = {0, 1};
long mask;
int wish = 1;

int sock;

void call() {
  must(HOOKED(gettimeofday, SYS_gettimeofday, &now, nullptr) == 0);
  must(HOOKED(newstat, SYS_stat, "/", &info) == 0);
  must(HOOKED(getcwd, SYS_getcwd, folder, sizeof folder) > 0);
  must(HOOKED(readlink, SYS_readlink, path, target, sizeof target) > 0);
  must(HOOKED(newuname, SYS_uname, &name) == 0);
  must(HOOKED(sched_getaffinity, SYS_sched_getaffinity, 0, sizeof processors, processors) > 0);
  must(HOOKED(prlimit64, SYS_prlimit64, 0, RLIMIT_NOFILE, nullptr, &limit) == 0);
  must(HOOKED(rt_sigprocmask, SYS_rt_sigprocmask, SIG_BLOCK, &mask, &old_mask, sizeof mask) == 0);
  must(HOOKED(setsockopt, SYS_setsockopt, sock, SOL_SOCKET, SO_REUSEADDR, &wish, sizeof wish) == 0);
  must(HOOKED(getsockopt, SYS_getsockopt, sock, SOL_SOCKET, SO_SNDBUF, &size, &size_bytes) == 0);
  must(HOOKED(getsockname, SYS_getsockname, sock, &address, &address_bytes) == 0);
  timeval at_once = {0, 0};
  must(HOOKED(select, SYS_select, sock + 1, &ready, nullptr, nullptr, &at_once) >= 0);
  must(HOOKED(nanosleep, SYS_nanosleep, &little, nullptr) == 0);
  iovec from = {original, sizeof original}, to = {copied, sizeof original};
  must(HOOKED(process_vm_readv, SYS_process_vm_readv, getpid(), &to, 1, &from, 1, 0) == sizeof original);
}

void use() {
  USE_VALUE(now.tv_sec);
  USE_VALUE(info.st_mode);
  USE_VALUE(folder[0]);
  USE_VALUE(target[0]);
  USE_VALUE(name.release[0]);
  USE_VALUE(processors[0]);
  USE_VALUE(limit.rlim_cur);
  USE_VALUE(old_mask);
  USE_VALUE(size);
  USE_VALUE(size_bytes);
  USE_VALUE(address.sin_family);
  USE_VALUE(address_bytes);
  USE_VALUE(ready.fds_bits[0]);
  USE_VALUE(copied[0]);
  path[1] = 'x';
  little.tv_nsec = 2;
  mask = 1;
  wish = 0;
  // Beyond what was stored, and in what the kernel has not looked at.
  USE_VALUE(folder[4095]);
  USE_VALUE(target[63]);
  USE_VALUE(processors[127]);
}

int main() {
  sock = socket(AF_INET, SOCK_DGRAM, 0);
  must(sock >= 0);
  FD_SET(sock, &ready);
  runOrdered(call, use);
  return 0;
}
