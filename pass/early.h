// early.h - what has to be done before the optimiser runs, and around its passes.
#pragma once

#include "llvm/IR/Module.h"
#include "llvm/IR/PassInstrumentation.h"

namespace hindsight {

/// Returns whether the module changed.
bool strengthenSharedPtrUnlock(llvm::Module& module);

/// Of two places between which the program chooses, the optimiser's passes read the chosen one
/// only.
void keepChoices(llvm::PassInstrumentationCallbacks& callbacks);
/// Nor do they read, whatever comes, what the program reads under a condition.
void keepConditions(llvm::PassInstrumentationCallbacks& callbacks);

}  // namespace hindsight
