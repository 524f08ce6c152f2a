// held_signals.h - signals that have come, and whose handlers cannot run yet, stay in order.
//
// The kernel has taken such a signal from the thread's queue and cannot be given it back: a signal
// that is sent anew comes behind those that were queued meanwhile, of a standard signal it is one
// with the next, and the queue may be full. So the thread holds it, and a mark takes its place: a
// signal of the same number, by which the kernel calls the handler once more. Whichever of the
// number comes first brings what is held, and what it brought itself is held instead:
//
//   queue 2 3 mark, held 1    ->  1 is handled; queue 3 mark, held 2
//                             ->  2 is handled; queue mark, held 3
//                             ->  3 is handled
//
// Invariant 1: while a signal is held, one of its number is queued to this very thread. A real-time
// signal has a mark for each that is held; if the queue has no room for it, and always of a
// standard signal, the mark is one that the kernel may have merged with another: it is made anew
// with each one that comes.
//
// Not kept in order is what the thread takes by reading a signalfd while it holds others of the
// number.
//
// Thread safety: what is held is the thread's own; all signals are blocked meanwhile (in the
// kernel's handlers they are). Allocation: none.
#pragma once

#include <signal.h>

#include "base/types.h"

namespace hindsight {

/// The signal, for which the kernel has called a handler, cannot be handled now.
void holdSignal(int signal, const siginfo_t& info);
/// A signal has come, and `info` becomes that of the one whose turn it is. False: there is none.
bool takeHeldSignal(int signal, siginfo_t& info);
/// Makes the marks of the signals of `set` anew that the kernel may have lost: SIGCONT takes
/// signals that stop from the queues, and they it. Uses no vector registers.
void remindOfSignals(u64 set);
bool holdsSignals();

/// In a forked child, which has inherited no signals.
void forgetHeldSignals();
/// The program ignores the signal from now on: the kernel has taken it from all queues.
void signalsAreDropped(int signal);

}  // namespace hindsight
