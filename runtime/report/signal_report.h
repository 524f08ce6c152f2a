// signal_report.h - reports of what signal handlers of the program do and may not.
//
// Thread safety: the thread that runs the handler, inside the runtime. Allocation: none.
#pragma once

#include "base/types.h"
#include "threads/thread.h"

namespace hindsight {

/// The handler of `signal` has called `function`, which is not async-signal-safe, and will return
/// to `pc`.
void reportUnsafeCall(Thread& thread, int signal, const char* function, uptr pc);

/// The handler of `signal`, a function at `handler`, has changed errno. It interrupted the program
/// at `interrupted`, with the shadow stack `top`.
void reportErrnoDamage(Thread& thread, int signal, uptr handler, int before, int after,
                       uptr interrupted, const uptr* top);

}  // namespace hindsight
