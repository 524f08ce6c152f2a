// signals.h - handlers of the program run outside the runtime, never inside it.
//
// A signal that arrives while its thread is inside is sent to the thread again and everything is
// blocked until the thread leaves; then the kernel delivers it with its own siginfo and context.
#pragma once

#include "base/types.h"

namespace hindsight {

void initSignals();

}  // namespace hindsight
