// async_cancel.h - asynchronous cancellation waits until its thread has left the runtime.
//
// The C library cancels a thread by a signal of its own, whose handler unwinds the stack from
// wherever the thread is: inside the runtime with a lock held, too. Once a thread asks for that,
// the handler is ours, which lets the C library's run when the thread is outside, as a handler of
// the program's (signals.h).
#pragma once

namespace hindsight {

/// Before a thread makes its cancellation asynchronous. Not inside the runtime.
void prepareAsyncCancel();

}  // namespace hindsight
