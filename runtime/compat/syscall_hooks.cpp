// syscall_hooks.cpp - sanitizer/linux_syscall_hooks.h: what a program says of its own calls of the kernel.
//
// Those of descriptors that order threads; the other six hundred hooks are not defined. The call may be one
// that is intercepted after all, as libuv's are: the second time finds nothing new.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/fd_sync.h"
#include "intercept/intercepted_call.h"

using namespace hindsight;

HINDSIGHT_INTERCEPTOR void __sanitizer_syscall_pre_impl_close(long fd) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) fdClosing(call.thread(), static_cast<int>(fd));
}

HINDSIGHT_INTERCEPTOR void __sanitizer_syscall_post_impl_close(long /*result*/, long /*fd*/) {}

HINDSIGHT_INTERCEPTOR void __sanitizer_syscall_pre_impl_read(long /*fd*/, long /*buffer*/,
                                                             long /*bytes*/) {}

HINDSIGHT_INTERCEPTOR void __sanitizer_syscall_post_impl_read(long result, long fd, long buffer,
                                                              long /*bytes*/) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || result < 0) return;
  acquireFd(call.thread(), static_cast<int>(fd));
  if (result > 0) call.writes(reinterpret_cast<void*>(buffer), static_cast<size_t>(result));
}

HINDSIGHT_INTERCEPTOR void __sanitizer_syscall_pre_impl_write(long fd, long buffer, long bytes) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return;
  call.reads(reinterpret_cast<const void*>(buffer), static_cast<size_t>(bytes));
  releaseFd(call.thread(), static_cast<int>(fd));
}

HINDSIGHT_INTERCEPTOR void __sanitizer_syscall_post_impl_write(long /*result*/, long /*fd*/,
                                                               long /*buffer*/, long /*bytes*/) {}
