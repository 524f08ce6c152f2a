// early.h - what has to be done before the optimiser runs.
#pragma once

#include "llvm/IR/Module.h"

namespace hindsight {

/// Returns whether the module changed.
bool strengthenSharedPtrUnlock(llvm::Module& module);

}  // namespace hindsight
