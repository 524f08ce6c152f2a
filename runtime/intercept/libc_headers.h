// libc_headers.h - the C library's own declarations, in a form in which they can be redefined.
//
// Whoever defines such a function includes this before any other header of the C library: with
// optimisation on, glibc's headers carry inline bodies of `getline`, `vprintf`, `strchr` and
// others, which would clash with ours; they are left out while __OPTIMIZE__ is undefined. Entry
// points that only the compiler or _FORTIFY_SOURCE call (`__read_chk`, `__isoc99_sscanf`) are
// declared here, as the Linux Standard Base does.
#pragma once

#pragma push_macro("__OPTIMIZE__")
#undef __OPTIMIZE__
#undef _FORTIFY_SOURCE

#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <link.h>
#include <malloc.h>
#include <mqueue.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#pragma pop_macro("__OPTIMIZE__")

extern "C" {
[[noreturn]] void __chk_fail() noexcept;

void* __memcpy_chk(void* to, const void* from, size_t bytes, size_t room) noexcept;
void* __memmove_chk(void* to, const void* from, size_t bytes, size_t room) noexcept;
void* __mempcpy_chk(void* to, const void* from, size_t bytes, size_t room) noexcept;
void* __memset_chk(void* to, int byte, size_t bytes, size_t room) noexcept;
void __explicit_bzero_chk(void* to, size_t bytes, size_t room) noexcept;

char* __strcpy_chk(char* to, const char* from, size_t room) noexcept;
char* __strncpy_chk(char* to, const char* from, size_t bytes, size_t room) noexcept;
char* __stpcpy_chk(char* to, const char* from, size_t room) noexcept;
char* __stpncpy_chk(char* to, const char* from, size_t bytes, size_t room) noexcept;
char* __strcat_chk(char* to, const char* from, size_t room) noexcept;
char* __strncat_chk(char* to, const char* from, size_t bytes, size_t room) noexcept;
char* __strdup(const char* text) noexcept;
char* __strndup(const char* text, size_t bytes) noexcept;
int __xpg_strerror_r(int error, char* buffer, size_t room) noexcept;

wchar_t* __wmemcpy_chk(wchar_t* to, const wchar_t* from, size_t count, size_t room) noexcept;
wchar_t* __wmemmove_chk(wchar_t* to, const wchar_t* from, size_t count, size_t room) noexcept;
wchar_t* __wmempcpy_chk(wchar_t* to, const wchar_t* from, size_t count, size_t room) noexcept;
wchar_t* __wmemset_chk(wchar_t* to, wchar_t value, size_t count, size_t room) noexcept;
wchar_t* __wcscpy_chk(wchar_t* to, const wchar_t* from, size_t room) noexcept;
wchar_t* __wcsncpy_chk(wchar_t* to, const wchar_t* from, size_t count, size_t room) noexcept;
wchar_t* __wcscat_chk(wchar_t* to, const wchar_t* from, size_t room) noexcept;

ssize_t __read_chk(int fd, void* buffer, size_t bytes, size_t room);
ssize_t __pread_chk(int fd, void* buffer, size_t bytes, off_t offset, size_t room);
ssize_t __pread64_chk(int fd, void* buffer, size_t bytes, off64_t offset, size_t room);
ssize_t __recv_chk(int fd, void* buffer, size_t bytes, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void* buffer, size_t bytes, size_t room, int flags,
                       struct sockaddr* from, socklen_t* from_bytes);
int __poll_chk(struct pollfd* fds, nfds_t count, int timeout_ms, size_t room);
int __ppoll_chk(struct pollfd* fds, nfds_t count, const struct timespec* timeout,
                const sigset_t* mask, size_t room);
ssize_t __readlink_chk(const char* path, char* buffer, size_t bytes, size_t room) noexcept;
ssize_t __readlinkat_chk(int directory, const char* path, char* buffer, size_t bytes,
                         size_t room) noexcept;
char* __getcwd_chk(char* buffer, size_t bytes, size_t room) noexcept;
char* __realpath_chk(const char* path, char* resolved, size_t room) noexcept;
int __gethostname_chk(char* buffer, size_t bytes, size_t room) noexcept;
int __open_2(const char* path, int flags);
int __open64_2(const char* path, int flags);
int __openat_2(int directory, const char* path, int flags);
int __openat64_2(int directory, const char* path, int flags);

char* __fgets_chk(char* buffer, size_t room, int bytes, FILE* stream);
size_t __fread_chk(void* buffer, size_t room, size_t size, size_t count, FILE* stream);
int __printf_chk(int flag, const char* format, ...);
int __fprintf_chk(FILE* stream, int flag, const char* format, ...);
int __dprintf_chk(int fd, int flag, const char* format, ...);
int __vprintf_chk(int flag, const char* format, va_list arguments);
int __vfprintf_chk(FILE* stream, int flag, const char* format, va_list arguments);
int __vdprintf_chk(int fd, int flag, const char* format, va_list arguments);
int __sprintf_chk(char* to, int flag, size_t room, const char* format, ...) noexcept;
int __snprintf_chk(char* to, size_t bytes, int flag, size_t room, const char* format, ...) noexcept;
int __vsprintf_chk(char* to, int flag, size_t room, const char* format, va_list arguments) noexcept;
int __vsnprintf_chk(char* to, size_t bytes, int flag, size_t room, const char* format,
                    va_list arguments) noexcept;
int __asprintf_chk(char** to, int flag, const char* format, ...) noexcept;
int __vasprintf_chk(char** to, int flag, const char* format, va_list arguments) noexcept;
int __isoc99_sscanf(const char* text, const char* format, ...) noexcept;
int __isoc99_scanf(const char* format, ...);
int __isoc99_fscanf(FILE* stream, const char* format, ...);
int __isoc99_vsscanf(const char* text, const char* format, va_list arguments) noexcept;
int __isoc99_vscanf(const char* format, va_list arguments);
int __isoc99_vfscanf(FILE* stream, const char* format, va_list arguments);
}
