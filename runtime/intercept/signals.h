// signals.h - handlers of the program run outside the runtime, never inside it.
//
// A signal that arrives while its thread is inside is sent to the thread again and everything is
// blocked until the thread leaves; then the kernel delivers it with its own siginfo and context.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include "base/types.h"
#include "threads/thread.h"

namespace hindsight {

void initSignals();

/// Keeps a signal, whose handler has been called inside the runtime, pending until the thread has left it.
/// What the handler was given; it has to return, with every signal blocked until then.
void postponeSignal(TlsBlock& tls, int signal, siginfo_t* info, ucontext_t* context);

}  // namespace hindsight
