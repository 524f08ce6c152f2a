// kernel_call.h - calls of the kernel that no detector sees, and HOOKED, which says of one what it is:
// HOOKED(newstat, SYS_stat, path, &info). x86-64 and C++ only.
#pragma once

#include <sanitizer/linux_syscall_hooks.h>
#include <stdlib.h>
#include <sys/syscall.h>

inline void must(bool condition) {
  if (!condition) abort();
}

HINDSIGHT_TEST_UNINSTRUMENTED static long kernelCall(long number, long a = 0, long b = 0, long c = 0,
                                                     long d = 0, long e = 0, long f = 0) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

template <class... Arguments>
long kernel(long number, Arguments... arguments) {
  return kernelCall(number, (long)arguments...);
}

#define HOOKED(name, number, ...)                       \
  ({                                                    \
    __sanitizer_syscall_pre_##name(__VA_ARGS__);        \
    const long result_ = kernel(number, __VA_ARGS__);   \
    __sanitizer_syscall_post_##name(result_, __VA_ARGS__); \
    result_;                                            \
  })
