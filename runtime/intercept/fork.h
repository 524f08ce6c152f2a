// fork.h - keeps the detector working in forked children.
#pragma once

namespace hindsight {

void initFork();

}  // namespace hindsight
