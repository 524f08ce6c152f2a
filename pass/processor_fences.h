// processor_fences.h - fences that a program asks for by the processor's names: `_mm_mfence()`,
// `__dmb(11)`. They are what the same instructions are in inline assembly (assembly_text.h).
#pragma once

#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsAArch64.h"
#include "llvm/IR/IntrinsicsX86.h"

namespace hindsight {

inline bool isProcessorFence(const llvm::Instruction& instruction) {
  const auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
  if (intrinsic == nullptr) return false;
  switch (intrinsic->getIntrinsicID()) {
    case llvm::Intrinsic::x86_sse_sfence:
    case llvm::Intrinsic::x86_sse2_lfence:
    case llvm::Intrinsic::x86_sse2_mfence:
    case llvm::Intrinsic::aarch64_dmb:
    case llvm::Intrinsic::aarch64_dsb: return true;
    default: return false;
  }
}

}  // namespace hindsight
