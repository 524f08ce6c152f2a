// syscall_hooks.cpp - sanitizer/linux_syscall_hooks.h: what a program says of its own calls of the
// kernel.
//
// A pair of functions for each call with a rule (intercept/kernel_calls.h): `pre` gets its
// arguments, `post` its result and its arguments. The tables below hold names only, by the number
// of arguments. The other five hundred hooks are not defined: what they tell is of no use to us.
//
// Thread safety: any thread. Allocation: none.
#include <sys/syscall.h>

#include "intercept/intercepted_call.h"
#include "intercept/kernel_calls.h"

namespace hindsight {
namespace {

void callStarts(uptr pc, KernelCall made) {
  InterceptedCall call(pc);
  if (!call.bypass()) kernelRule(made.number)->before(call, made);
}

void callDone(uptr pc, const KernelCall& made, long result) {
  InterceptedCall call(pc);
  if (!call.bypass()) kernelRule(made.number)->after(call, made, result);
}

}  // namespace
}  // namespace hindsight

using namespace hindsight;

#define HOOKS(name, number, parameters, with_result, ...)                       \
  HINDSIGHT_INTERCEPTOR void __sanitizer_syscall_pre_impl_##name parameters {   \
    callStarts(HINDSIGHT_CALLER_PC, {number, {__VA_ARGS__}});                   \
  }                                                                             \
  HINDSIGHT_INTERCEPTOR void __sanitizer_syscall_post_impl_##name with_result { \
    callDone(HINDSIGHT_CALLER_PC, {number, {__VA_ARGS__}}, r);                  \
  }
#define HOOKS_0(name) HOOKS(name, SYS_##name, (), (long r))
#define HOOKS_1(name) HOOKS(name, SYS_##name, (long a), (long r, long a), a)
#define HOOKS_2(name) HOOKS(name, SYS_##name, (long a, long b), (long r, long a, long b), a, b)
#define HOOKS_3(name) \
  HOOKS(name, SYS_##name, (long a, long b, long c), (long r, long a, long b, long c), a, b, c)
#define HOOKS_4(name)                                       \
  HOOKS(name, SYS_##name, (long a, long b, long c, long d), \
        (long r, long a, long b, long c, long d), a, b, c, d)
#define HOOKS_5(name)                                               \
  HOOKS(name, SYS_##name, (long a, long b, long c, long d, long e), \
        (long r, long a, long b, long c, long d, long e), a, b, c, d, e)
#define HOOKS_6_OF(name, number)                                        \
  HOOKS(name, number, (long a, long b, long c, long d, long e, long f), \
        (long r, long a, long b, long c, long d, long e, long f), a, b, c, d, e, f)
#define HOOKS_6(name) HOOKS_6_OF(name, SYS_##name)

HOOKS_1(close)
HOOKS_1(dup)
HOOKS_1(epoll_create1)
HOOKS_1(inotify_init1)
HOOKS_2(eventfd2)
HOOKS_2(kill)
HOOKS_2(listen)
HOOKS_2(munmap)
HOOKS_2(pipe2)
HOOKS_2(shutdown)
HOOKS_2(timerfd_create)
HOOKS_2(tkill)
HOOKS_3(accept)
HOOKS_3(bind)
HOOKS_3(connect)
HOOKS_3(dup3)
HOOKS_3(fcntl)
HOOKS_3(madvise)
HOOKS_3(read)
HOOKS_3(readv)
HOOKS_3(recvmsg)
HOOKS_3(rt_sigqueueinfo)
HOOKS_3(sendmsg)
HOOKS_3(socket)
HOOKS_3(tgkill)
HOOKS_3(write)
HOOKS_3(writev)
HOOKS_4(accept4)
HOOKS_4(epoll_ctl)
HOOKS_4(openat)
HOOKS_4(pread64)
HOOKS_4(pwrite64)
HOOKS_4(rt_sigtimedwait)
HOOKS_4(rt_tgsigqueueinfo)
HOOKS_4(sendmmsg)
HOOKS_4(signalfd4)
HOOKS_4(socketpair)
HOOKS_4(timerfd_settime)
HOOKS_5(mremap)
HOOKS_5(ppoll)
HOOKS_5(preadv)
HOOKS_5(pwritev)
HOOKS_5(recvmmsg)
HOOKS_6(epoll_pwait)
HOOKS_6(epoll_pwait2)
HOOKS_6(recvfrom)
HOOKS_6(sendto)
HOOKS_6_OF(mmap_pgoff, SYS_mmap)

// Calls that AArch64 never had.
#ifdef SYS_pipe
HOOKS_0(inotify_init)
HOOKS_1(epoll_create)
HOOKS_1(eventfd)
HOOKS_1(pipe)
HOOKS_2(creat)
HOOKS_2(dup2)
HOOKS_3(open)
HOOKS_3(poll)
HOOKS_3(signalfd)
HOOKS_4(epoll_wait)
#endif
