// thread_life.h - the beginning and end of the program's threads, for init and C11 threads.
#pragma once

#include "base/types.h"

namespace hindsight {

/// Makes the calling thread the main thread. Once, after the shadow is mapped.
void startMainThread();
/// Makes the key whose destructor ends threads; needs the real calls.
void initThreadLife();

}  // namespace hindsight
