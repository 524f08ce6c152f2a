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

#include <aio.h>
#include <aliases.h>
#include <argp.h>
#include <argz.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <envz.h>
#include <err.h>
#include <errno.h>
#include <error.h>
#include <execinfo.h>
#include <fcntl.h>
#include <fenv.h>
#include <fmtmsg.h>
#include <fnmatch.h>
#include <fstab.h>
#include <fts.h>
#include <ftw.h>
#include <getopt.h>
#include <glob.h>
#include <grp.h>
#include <gshadow.h>
#include <iconv.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <langinfo.h>
#include <libgen.h>
#include <libintl.h>
#include <limits.h>
#include <link.h>
#include <locale.h>
#include <malloc.h>
#include <mcheck.h>
#include <mntent.h>
#include <monetary.h>
#include <mqueue.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <netinet/in.h>
#include <nl_types.h>
#include <obstack.h>
#include <poll.h>
#include <printf.h>
#include <pthread.h>
#include <pty.h>
#include <pwd.h>
#include <regex.h>
#include <resolv.h>
#include <sched.h>
#include <search.h>
#include <semaphore.h>
#include <setjmp.h>
#include <shadow.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/acct.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/quota.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/single_threaded.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/swap.h>
#include <sys/sysinfo.h>
#include <sys/syslog.h>
#include <sys/time.h>
#include <sys/timeb.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <syslog.h>
#include <termios.h>
#include <threads.h>
#include <time.h>
#include <ttyent.h>
#include <uchar.h>
#include <ucontext.h>
#include <unistd.h>
#include <utime.h>
#include <utmp.h>
#include <utmpx.h>
#include <wchar.h>
#include <wctype.h>
#include <wordexp.h>

#undef p_type    // resolv.h renames every member of that name
#undef basename  // libgen.h means another function by it
#undef obstack_free

#pragma pop_macro("__OPTIMIZE__")

#include "intercept/hidden_names.h"
#include "intercept/library_names.h"

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
