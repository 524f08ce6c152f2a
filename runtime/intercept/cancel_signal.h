// cancel_signal.h - the signal by which glibc cancels threads, and its action as the kernel has it.
//
// glibc's own functions refuse the number, so the kernel is asked directly (platform/syscalls.h).
#pragma once

#include <signal.h>

#include "base/types.h"

namespace hindsight {

inline constexpr int kCancelSignal = 32;  // SIGCANCEL

struct KernelAction {
  void (*handler)(int, siginfo_t*, void*);
  unsigned long flags;
#if defined(__x86_64__)
  void (*restorer)();
#endif
  u64 mask;
};

}  // namespace hindsight
