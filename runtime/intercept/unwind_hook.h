// unwind_hook.h - to learn that a call is left by an exception or by cancellation.
//
// The runtime has no exceptions and may not need the C++ runtime, so destructors cannot tell.
// Instead the call is made from a small frame whose personality routine, which the unwinder asks
// what to clean up there, runs the hook and lets the unwinding go on. It works under every unwinder
// and for every kind of unwinding: exceptions, pthread_cancel, pthread_exit. longjmp is not
// noticed.
//
// Thread safety: any thread. Allocation: none.
#pragma once

namespace hindsight {

/// Calls `body(argument)`. If that is left by unwinding, `unwound(argument)` is called when the
/// frames below are gone and before the ones above are, in the state that `body` left the thread
/// in.
void callWithUnwindHook(void (*body)(void*), void (*unwound)(void*), void* argument);

}  // namespace hindsight
