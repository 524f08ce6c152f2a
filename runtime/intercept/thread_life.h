// thread_life.h - the beginning and end of the program's threads, for init and C11 threads.
#pragma once

#include "base/types.h"

namespace hindsight {

struct Thread;

/// Makes the calling thread the main thread. Once, after the shadow is mapped.
void startMainThread();
/// Makes the key whose destructor ends threads; needs the real calls.
void initThreadLife();

/// The record of a thread that the C library will make by itself, as if `creator` made it now.
Thread* expectThread(Thread& creator, uptr pc);
/// The calling thread, unknown so far and inside the runtime, is the expected one.
void startExpectedThread(Thread* thread);

}  // namespace hindsight
