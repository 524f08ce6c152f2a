// syscalls.h - the kernel's calls, made directly, for code that may not use libc.
//
// The program's libc functions are the runtime's own interceptors, so the runtime never calls
// them. Every function returns the kernel's raw result: >= 0 on success, -errno on failure; libc's
// errno is never touched. `syscallFailed(result)` tells the two apart.
//
// Thread safety: whatever the kernel gives; async-signal-safe. Allocation: none.
#pragma once

#include <sys/syscall.h>

#include "base/types.h"

namespace hindsight {

constexpr bool syscallFailed(sptr result) { return result < 0 && result >= -4095; }

#if defined(__x86_64__)

HINDSIGHT_ALWAYS_INLINE sptr sysCall(long number, uptr a = 0, uptr b = 0, uptr c = 0, uptr d = 0,
                                     uptr e = 0, uptr f = 0) {
  register const uptr r10 asm("r10") = d;
  register const uptr r8 asm("r8") = e;
  register const uptr r9 asm("r9") = f;
  sptr result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

#elif defined(__aarch64__)

HINDSIGHT_ALWAYS_INLINE sptr sysCall(long number, uptr a = 0, uptr b = 0, uptr c = 0, uptr d = 0,
                                     uptr e = 0, uptr f = 0) {
  register const long x8 asm("x8") = number;
  register uptr x0 asm("x0") = a;
  register const uptr x1 asm("x1") = b;
  register const uptr x2 asm("x2") = c;
  register const uptr x3 asm("x3") = d;
  register const uptr x4 asm("x4") = e;
  register const uptr x5 asm("x5") = f;
  asm volatile("svc #0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
               : "memory");
  return static_cast<sptr>(x0);
}

#else
#error "hindsight runs on x86-64 and AArch64"
#endif

namespace syscall_detail {
#if defined(__clang_analyzer__)
void escapes(volatile void* pointer);  // it does not see that the kernel writes there
#else
HINDSIGHT_ALWAYS_INLINE void escapes(volatile void*) {}
#endif
HINDSIGHT_ALWAYS_INLINE uptr bits(const volatile void* pointer) {
  escapes(const_cast<volatile void*>(pointer));
  return reinterpret_cast<uptr>(pointer);
}
HINDSIGHT_ALWAYS_INLINE uptr bits(long value) { return static_cast<uptr>(value); }
}  // namespace syscall_detail

// --- Files -----------------------------------------------------------------------------------

static inline sptr sysRead(int fd, void* buffer, size_t bytes) {
  return sysCall(SYS_read, syscall_detail::bits(fd), syscall_detail::bits(buffer), bytes);
}
static inline sptr sysPread(int fd, void* buffer, size_t bytes, sptr offset) {
  return sysCall(SYS_pread64, syscall_detail::bits(fd), syscall_detail::bits(buffer), bytes,
                 static_cast<uptr>(offset));
}
static inline sptr sysWrite(int fd, const void* data, size_t bytes) {
  return sysCall(SYS_write, syscall_detail::bits(fd), syscall_detail::bits(data), bytes);
}
static inline sptr sysOpenat(int directory_fd, const char* path, int flags, unsigned mode = 0) {
  return sysCall(SYS_openat, syscall_detail::bits(directory_fd), syscall_detail::bits(path),
                 syscall_detail::bits(flags), mode);
}
/// openat relative to the working directory.
static inline sptr sysOpen(const char* path, int flags, unsigned mode = 0) {
  constexpr int kAtWorkingDirectory = -100;  // AT_FDCWD
  return sysOpenat(kAtWorkingDirectory, path, flags, mode);
}
static inline sptr sysClose(int fd) { return sysCall(SYS_close, syscall_detail::bits(fd)); }
static inline sptr sysLseek(int fd, sptr offset, int whence) {
  return sysCall(SYS_lseek, syscall_detail::bits(fd), static_cast<uptr>(offset),
                 syscall_detail::bits(whence));
}
static inline sptr sysFtruncate(int fd, sptr bytes) {
  return sysCall(SYS_ftruncate, syscall_detail::bits(fd), static_cast<uptr>(bytes));
}
/// `out` is the kernel's struct stat, which is glibc's on both processors.
static inline sptr sysFstat(int fd, void* out) {
  return sysCall(SYS_fstat, syscall_detail::bits(fd), syscall_detail::bits(out));
}
/// Of the link itself, if `path` is one.
static inline sptr sysLstat(const char* path, void* out) {
  constexpr int kAtWorkingDirectory = -100;  // AT_FDCWD
  constexpr uptr kNoFollow = 0x100;          // AT_SYMLINK_NOFOLLOW
  return sysCall(SYS_newfstatat, syscall_detail::bits(kAtWorkingDirectory),
                 syscall_detail::bits(path), syscall_detail::bits(out), kNoFollow);
}
static inline sptr sysReadlink(const char* path, char* out, size_t bytes) {
  constexpr int kAtWorkingDirectory = -100;  // AT_FDCWD
  return sysCall(SYS_readlinkat, syscall_detail::bits(kAtWorkingDirectory),
                 syscall_detail::bits(path), syscall_detail::bits(out), bytes);
}
/// `entries` are struct pollfd, `timeout` a struct timespec or null.
static inline sptr sysPoll(void* entries, unsigned count, const void* timeout) {
  return sysCall(SYS_ppoll, syscall_detail::bits(entries), count, syscall_detail::bits(timeout), 0,
                 sizeof(u64));
}
static inline sptr sysGetcwd(char* out, size_t bytes) {
  return sysCall(SYS_getcwd, syscall_detail::bits(out), bytes);
}
static inline sptr sysFcntl(int fd, int command, uptr argument = 0) {
  return sysCall(SYS_fcntl, syscall_detail::bits(fd), syscall_detail::bits(command), argument);
}
static inline sptr sysIoctl(int fd, uptr request, void* argument) {
  return sysCall(SYS_ioctl, syscall_detail::bits(fd), request, syscall_detail::bits(argument));
}

// --- Memory ----------------------------------------------------------------------------------

static inline sptr sysMmap(void* at, size_t bytes, int protection, int flags, int fd, sptr offset) {
  return sysCall(SYS_mmap, syscall_detail::bits(at), bytes, syscall_detail::bits(protection),
                 syscall_detail::bits(flags), syscall_detail::bits(fd), static_cast<uptr>(offset));
}
static inline sptr sysMunmap(void* at, size_t bytes) {
  return sysCall(SYS_munmap, syscall_detail::bits(at), bytes);
}
static inline sptr sysMadvise(void* at, size_t bytes, int advice) {
  return sysCall(SYS_madvise, syscall_detail::bits(at), bytes, syscall_detail::bits(advice));
}
static inline sptr sysMincore(void* at, size_t bytes, unsigned char* out) {
  return sysCall(SYS_mincore, syscall_detail::bits(at), bytes, syscall_detail::bits(out));
}

// --- Threads and time --------------------------------------------------------------------------

static inline sptr sysGettid() { return sysCall(SYS_gettid); }
static inline sptr sysGetpid() { return sysCall(SYS_getpid); }
static inline sptr sysSchedYield() { return sysCall(SYS_sched_yield); }
/// `request` and `remaining` are struct timespec.
static inline sptr sysNanosleep(const void* request, void* remaining) {
  return sysCall(SYS_nanosleep, syscall_detail::bits(request), syscall_detail::bits(remaining));
}
static inline sptr sysClockGettime(int clock, void* out) {
  return sysCall(SYS_clock_gettime, syscall_detail::bits(clock), syscall_detail::bits(out));
}
/// `timeout` is a struct timespec or null.
static inline sptr sysFutex(volatile u32* word, int operation, u32 value, const void* timeout,
                            volatile u32* second_word = nullptr, u32 value3 = 0) {
  return sysCall(SYS_futex, syscall_detail::bits(word), syscall_detail::bits(operation), value,
                 syscall_detail::bits(timeout), syscall_detail::bits(second_word), value3);
}
static inline sptr sysMembarrier(int command, unsigned flags, int cpu) {
  return sysCall(SYS_membarrier, syscall_detail::bits(command), flags, syscall_detail::bits(cpu));
}

// --- Signals -----------------------------------------------------------------------------------

/// Sets are the kernel's 64-bit masks: bit n-1 is signal n.
static inline sptr sysRtSigprocmask(int how, const u64* set, u64* old) {
  return sysCall(SYS_rt_sigprocmask, syscall_detail::bits(how), syscall_detail::bits(set),
                 syscall_detail::bits(old), sizeof(u64));
}
/// `action` and `old` are the kernel's struct sigaction (not libc's).
static inline sptr sysRtSigaction(int signal, const void* action, void* old) {
  return sysCall(SYS_rt_sigaction, syscall_detail::bits(signal), syscall_detail::bits(action),
                 syscall_detail::bits(old), sizeof(u64));
}
/// Waits for, and consumes, a pending signal of `set`. `info` may be null; `timeout` is a timespec.
static inline sptr sysRtSigtimedwait(const u64* set, void* info, const void* timeout) {
  return sysCall(SYS_rt_sigtimedwait, syscall_detail::bits(set), syscall_detail::bits(info),
                 syscall_detail::bits(timeout), sizeof(u64));
}
/// Signals waiting for the calling thread or its process.
static inline sptr sysRtSigpending(u64* out) {
  return sysCall(SYS_rt_sigpending, syscall_detail::bits(out), sizeof(u64));
}
static inline sptr sysTgkill(int pid, int tid, int signal) {
  return sysCall(SYS_tgkill, syscall_detail::bits(pid), syscall_detail::bits(tid),
                 syscall_detail::bits(signal));
}

// --- Processes ---------------------------------------------------------------------------------

[[noreturn]] static inline void sysExitGroup(int status) {
  for (;;) sysCall(SYS_exit_group, syscall_detail::bits(status));
}
static inline sptr sysExecve(const char* path, const char* const* arguments,
                             const char* const* environment) {
  return sysCall(SYS_execve, syscall_detail::bits(path), syscall_detail::bits(arguments),
                 syscall_detail::bits(environment));
}
static inline sptr sysPersonality(uptr persona) { return sysCall(SYS_personality, persona); }
static inline sptr sysGetrlimit(int resource, void* out) {
  return sysCall(SYS_prlimit64, 0, syscall_detail::bits(resource), 0, syscall_detail::bits(out));
}

}  // namespace hindsight
