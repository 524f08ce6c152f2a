// fork.h - keeps the detector working in forked children.
#pragma once

namespace hindsight {

void initFork();

/// Around a fork that glibc's handlers do not see. Whether forkDone has to follow, in both
/// processes.
bool forkStarts();
/// Keeps errno.
void forkDone(bool is_child);

}  // namespace hindsight
