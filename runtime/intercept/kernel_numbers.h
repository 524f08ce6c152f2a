// kernel_numbers.h - numbers of the system calls that came to Linux later in a better form, and
// that AArch64 never had: -1 there, which no table has a rule for. Not for `case` labels.
#pragma once

#include <sys/syscall.h>

#ifndef SYS_open
#define SYS_access (-1)
#define SYS_chmod (-1)
#define SYS_chown (-1)
#define SYS_creat (-1)
#define SYS_dup2 (-1)
#define SYS_epoll_create (-1)
#define SYS_epoll_wait (-1)
#define SYS_eventfd (-1)
#define SYS_futimesat (-1)
#define SYS_getdents (-1)
#define SYS_inotify_init (-1)
#define SYS_lchown (-1)
#define SYS_link (-1)
#define SYS_lstat (-1)
#define SYS_mkdir (-1)
#define SYS_mknod (-1)
#define SYS_open (-1)
#define SYS_pipe (-1)
#define SYS_poll (-1)
#define SYS_readlink (-1)
#define SYS_rename (-1)
#define SYS_rmdir (-1)
#define SYS_select (-1)
#define SYS_signalfd (-1)
#define SYS_stat (-1)
#define SYS_symlink (-1)
#define SYS_time (-1)
#define SYS_unlink (-1)
#define SYS_uselib (-1)
#define SYS_ustat (-1)
#define SYS_utime (-1)
#define SYS_utimes (-1)
#endif

#ifndef SYS_lookup_dcookie  // nor has a newer Linux
#define SYS_lookup_dcookie (-1)
#endif
