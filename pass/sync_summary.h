// sync_summary.h - which instructions may synchronise with another thread.
//
// A check may be dropped if an earlier one covers it and no release lies between (the thread's
// epoch is still the same), and may be moved or merged where there is neither release nor acquire.
// Calls do both unless the callee is known: an intrinsic, marked `nosync`, one of the C library's
// pure functions, or a function of this module that contains nothing of the kind (bottom-up, to a
// fixed point). A function wrongly called harmless loses races, so everything unknown synchronises.
#pragma once

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

namespace hindsight {

class SyncSummary {
 public:
  explicit SyncSummary(const llvm::Module& module);

  bool mayRelease(const llvm::Instruction& instruction) const;
  bool maySynchronise(const llvm::Instruction& instruction) const;

 private:
  bool callSynchronises(const llvm::CallBase& call) const;
  llvm::SmallPtrSet<const llvm::Function*, 32> harmless_;
};

}  // namespace hindsight
