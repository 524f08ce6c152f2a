// signal_kinds.h - signals as the kernel knows them: masks, and who sends them.
//
// Thread safety: any thread; async-signal-safe. Allocation: none.
#pragma once

#include <signal.h>

#include "base/types.h"
#include "platform/syscalls.h"

namespace hindsight {

inline constexpr int kSignals = 65;
inline constexpr u64 kAllSignals = ~0ull;

constexpr u64 bitOf(int signal) { return 1ull << (signal - 1); }
inline constexpr u64 kSegvBit = bitOf(SIGSEGV);
inline constexpr u64 kFaultBits =
    kSegvBit | bitOf(SIGBUS) | bitOf(SIGFPE) | bitOf(SIGILL) | bitOf(SIGTRAP);

/// The kernel's part of a signal set.
inline u64 kernelSet(const sigset_t& set) {
  u64 mask;
  __builtin_memcpy(&mask, &set, sizeof(mask));
  return mask;
}

/// Whether it is a fault of the thread's own.
inline bool isSynchronous(int signal, const siginfo_t* info) {
  const bool fault = signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE ||
                     signal == SIGILL || signal == SIGTRAP;
  return fault && info->si_code > 0;
}

/// To this thread, with a siginfo_t. As a system call.
inline sptr sendAgain(int signal, const void* info) {
  return sysCall(SYS_rt_tgsigqueueinfo, static_cast<uptr>(sysGetpid()),
                 static_cast<uptr>(sysGettid()), static_cast<uptr>(signal),
                 reinterpret_cast<uptr>(info));
}

}  // namespace hindsight
