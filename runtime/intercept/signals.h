// signals.h - handlers of the program run outside the runtime, never inside it.
//
// A signal that arrives while its thread is inside is held (intercept/held_signals.h), and
// everything is blocked until the thread leaves; then the kernel calls the handler again, before
// that of any other.
//
// Thread safety: any thread; async-signal-safe. Allocation: none.
#pragma once

#include <signal.h>
#include <sys/types.h>
#include <ucontext.h>

#include "threads/thread.h"

namespace hindsight {

void initSignals();

/// The kernel's handler of every signal that the program handles.
void onSignal(int signal, siginfo_t* info, void* opaque);

/// Keeps a signal, whose handler has been called inside the runtime, pending until the thread has
/// left it. What the handler was given; it has to return, with every signal blocked until then.
void postponeSignal(TlsBlock& tls, int signal, siginfo_t* info, ucontext_t* context);

/// First thing in a handler that the kernel has called outside the runtime: the context gets the
/// mask for the time after the handler, if that is of a postponed signal.
void takePostponedMask(ucontext_t& context);
/// The same, and the handler's turn may be that of another signal of the number: `info` is the one
/// to handle. False: there is none.
bool takeSignal(int signal, siginfo_t& info, ucontext_t& context);

/// Called before `signo` is sent to `process` (as to kill): if that ends this process, the reports
/// that have begun come out first (signal_sets.cpp).
void waitIfFatal(pid_t process, int signo);

}  // namespace hindsight
