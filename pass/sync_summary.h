// sync_summary.h - which instructions may synchronise with another thread.
//
// A check may be dropped if an earlier one covers it and no release lies between (the thread's
// epoch is still the same), and may be moved or merged where there is neither release nor acquire.
// Calls do both unless the callee is known: an intrinsic, marked `nosync`, one of the libraries'
// functions that only compute or look at memory, or a function of this module that contains nothing
// of the kind (bottom-up, to a fixed point). A function wrongly called harmless loses races, so
// everything unknown synchronises.
//
// Inline functions and templates count as known, although the linker may take another module's
// copy: that has the same source, and can at most have kept a release or acquire that the optimiser
// found nobody at the other end of.
#pragma once

#include "options.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

namespace hindsight {

/// Whether the call is `__builtin_setjmp` or `__builtin_longjmp`: between its two returns, or
/// behind it, lies anything.
bool isBuiltinJump(const llvm::CallBase& call);

class SyncSummary {
 public:
  SyncSummary(const llvm::Module& module, const Options& options);

  bool mayRelease(const llvm::Instruction& instruction) const;
  bool maySynchronise(const llvm::Instruction& instruction) const;
  /// In any order, a relaxed one too.
  bool mayStoreAtomically(const llvm::Instruction& instruction) const;

 private:
  using Functions = llvm::SmallPtrSet<const llvm::Function*, 32>;
  bool isKnownIn(const Functions& functions, const llvm::CallBase& call) const;
  template <class Offends>
  static void keepThoseWithout(Functions& functions, Offends offends);

  const bool knows_library_;
  Functions harmless_;  // neither release nor acquire
  Functions without_release_;
  Functions without_atomic_store_;
};

}  // namespace hindsight
