// kernel_calls.h - what the system calls that a program makes by itself read, write and order.
//
// Two roads lead here: syscall(), which makes the call, too (system_call.cpp), and the hooks of
// sanitizer/linux_syscall_hooks.h, which say what is made in assembly (compat/syscall_hooks.cpp).
// Both may speak of the same call, as libuv does: the second time finds nothing new. What a rule
// does is what the C library's function of that name does.
//
// There are rules for the calls by which descriptors come, go and order threads, signals are sent
// and waited for, and memory is mapped (kernel_calls.cpp, kernel_socket_calls.cpp), for message
// queues and semaphores (kernel_queue_calls.cpp), for what reads and writes the caller's memory
// (kernel_memory.cpp) and a few more (kernel_more_calls.cpp). There is none for futex: it sleeps
// and wakes, and what orders is the atomic operations on its word, which are seen. Nor for
// io_uring, whose rings are memory shared with the kernel.
//
// Thread safety: any thread, inside the runtime. Allocation: as fd_sync.h.
#pragma once

#include "intercept/intercepted_call.h"

namespace hindsight {

struct KernelCall {
  long number;
  long at[6];         // the arguments
  unsigned room = 0;  // what is to be kept: room for an address, or in select's sets
  int ended = 0;      // the errno with which the call has ended before it was made (syscall() only)
};

struct KernelRule {
  void (*before)(InterceptedCall&, KernelCall&);
  /// `result` is the kernel's: a negative errno on failure.
  void (*after)(InterceptedCall&, const KernelCall&, long result);
};

/// Null if there is nothing to say of the call.
const KernelRule* kernelRule(long number);

}  // namespace hindsight
