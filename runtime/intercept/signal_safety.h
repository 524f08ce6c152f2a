// signal_safety.h - calls that a signal handler may not make: the C library's allocator and streams
// may be in the middle of something when the signal comes [POSIX.1-2017, 2.4.3].
//
// Handlers of faults, and of signals that a program with one thread sends itself, run at a known
// place and may call anything.
//
// Thread safety: a function acts for the calling thread. Allocation: none.
#pragma once

#include "base/types.h"
#include "intercept/intercepted_call.h"

namespace hindsight {

void checkHandlerCall(InterceptedCall& call, const char* function);

/// The caller of the program calls `function`, which is not async-signal-safe.
HINDSIGHT_ALWAYS_INLINE void unsafeInHandler(InterceptedCall& call, const char* function) {
  if (HINDSIGHT_UNLIKELY(call.thread().handler.signal != 0)) checkHandlerCall(call, function);
}

}  // namespace hindsight
