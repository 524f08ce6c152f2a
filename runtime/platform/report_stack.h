// report_stack.h - running ordinary code from places that may not run it.
//
// An access check may change no vector register and may sit on a thread with a tiny stack. Reports
// therefore run on one stack of the runtime's own, one at a time.
#pragma once

#include "base/types.h"

namespace hindsight {

/// Maps the stack and measures the vector state. Once, at start.
void initReportStack();
/// Calls function(argument) there. The caller must make sure that one thread at a time does.
void onReportStack(void (*function)(void*), void* argument);
/// Calls function(argument) on the caller's own stack, vector registers saved likewise: for
/// functions of the program, whose variables need shadow.
void onOwnStack(void (*function)(void*), void* argument);

}  // namespace hindsight
