// kept_loads.h - for those who keep a pass of the optimiser from something, by callbacks around it.
#pragma once

#include "llvm/ADT/Any.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Metadata.h"
#include "llvm_versions.h"

namespace hindsight {

/// On the loads that are volatile for a while, beside which the program may have its own. (Those
/// may be written anew by the pass, so that they cannot be remembered.)
inline constexpr char kMark[] = "hindsight.choice";

inline void setVolatile(llvm::LoadInst& load, bool on) {
  load.setVolatile(on);
  load.setMetadata(kMark, on ? llvm::MDNode::get(load.getContext(), {}) : nullptr);
}

/// What the pass works on, if that is a `Unit`; else null.
template <class Unit>
Unit* unitOf(const llvm::Any& unit) {
#if LLVM_VERSION_MAJOR >= 17
  const auto* found = llvm::any_cast<const Unit*>(&unit);
  return found == nullptr ? nullptr : const_cast<Unit*>(*found);
#else
  return llvm::any_isa<const Unit*>(unit) ? const_cast<Unit*>(llvm::any_cast<const Unit*>(unit))
                                          : nullptr;
#endif
}

}  // namespace hindsight
