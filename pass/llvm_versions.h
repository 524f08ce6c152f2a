// llvm_versions.h - the differences between LLVM 14 and 19+ that this plugin meets, in one place.
#pragma once

#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Attributes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/PassPlugin.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"
#if LLVM_VERSION_MAJOR >= 17
#include "llvm/TargetParser/Triple.h"
#else
#include "llvm/ADT/Triple.h"
#endif

namespace hindsight {

/// A pointer to `type`, which LLVM 14 still distinguishes.
inline llvm::PointerType* pointerTo(llvm::Type* type) {
#if LLVM_VERSION_MAJOR >= 17
  return llvm::PointerType::getUnqual(type->getContext());
#else
  return llvm::PointerType::getUnqual(type);
#endif
}

inline bool isForAArch64(const llvm::Module& module) {
#if LLVM_VERSION_MAJOR >= 21
  return module.getTargetTriple().isAArch64();
#else
  return llvm::Triple(module.getTargetTriple()).isAArch64();  // also spelt arm64
#endif
}

inline bool isForX86_64(const llvm::Module& module) {
#if LLVM_VERSION_MAJOR >= 21
  return module.getTargetTriple().getArch() == llvm::Triple::x86_64;
#else
  return llvm::Triple(module.getTargetTriple()).getArch() == llvm::Triple::x86_64;
#endif
}

/// What the pointer that is argument `index` of inline assembly points to, or null.
inline llvm::Type* elementType(const llvm::CallBase& call, unsigned index) {
  const llvm::Attribute said =
      call.getAttributes().getParamAttrs(index).getAttribute(llvm::Attribute::ElementType);
  if (said.isValid()) return said.getValueAsType();
#if LLVM_VERSION_MAJOR >= 15
  return nullptr;
#else
  const auto* pointer = llvm::cast<llvm::PointerType>(call.getArgOperand(index)->getType());
  return pointer->isOpaque() ? nullptr : pointer->getNonOpaquePointerElementType();
#endif
}

/// Whether the address of `value` may become known to anybody else.
inline bool mayBeCaptured(const llvm::Value* value) {
#if LLVM_VERSION_MAJOR >= 21
  return llvm::PointerMayBeCaptured(value, /*ReturnCaptures=*/true);
#else
  return llvm::PointerMayBeCaptured(value, /*ReturnCaptures=*/true, /*StoreCaptures=*/true);
#endif
}

/// Whether `value` points to constant bytes, `text`: up to the first null byte, if `until_null`.
inline bool pointsToText(const llvm::Value* value, llvm::StringRef& text, bool until_null) {
#if LLVM_VERSION_MAJOR >= 15
  return llvm::getConstantStringInfo(value, text, until_null);
#else
  return llvm::getConstantStringInfo(value, text, 0, until_null);
#endif
}

/// The function now calls the runtime: what the optimiser had inferred about memory is void.
inline void forgetMemoryAttributes(llvm::Function& function) {
  using llvm::Attribute;
#if LLVM_VERSION_MAJOR >= 16
  function.removeFnAttr(Attribute::Memory);
#else
  for (Attribute::AttrKind kind :
       {Attribute::ReadNone, Attribute::ReadOnly, Attribute::WriteOnly, Attribute::ArgMemOnly,
        Attribute::InaccessibleMemOnly, Attribute::InaccessibleMemOrArgMemOnly})
    function.removeFnAttr(kind);
#endif
  function.removeFnAttr(Attribute::NoSync);
}

/// The address of the instruction after which control returns to the caller, for the shadow stack.
inline llvm::Value* returnAddress(llvm::IRBuilder<>& builder) {
  llvm::Module* module = builder.GetInsertBlock()->getModule();
#if LLVM_VERSION_MAJOR >= 20
  llvm::Function* intrinsic =
      llvm::Intrinsic::getOrInsertDeclaration(module, llvm::Intrinsic::returnaddress);
#else
  llvm::Function* intrinsic =
      llvm::Intrinsic::getDeclaration(module, llvm::Intrinsic::returnaddress);
#endif
  return builder.CreatePtrToInt(builder.CreateCall(intrinsic, {builder.getInt32(0)}),
                                builder.getInt64Ty());
}

/// Whether `expression` can be computed in front of `where`.
inline bool canExpand(llvm::SCEVExpander& expander, const llvm::SCEV* expression,
                      const llvm::Instruction* where) {
#if LLVM_VERSION_MAJOR >= 15
  return expander.isSafeToExpandAt(expression, where);
#else
  return llvm::isSafeToExpandAt(expression, where, *expander.getSE());
#endif
}

/// Registers `add(manager)` to run after all other passes at every optimisation level.
template <class Add>
void registerLast(llvm::PassBuilder& builder, Add add) {
#if LLVM_VERSION_MAJOR >= 20
  builder.registerOptimizerLastEPCallback([add](llvm::ModulePassManager& manager,
                                                llvm::OptimizationLevel,
                                                llvm::ThinOrFullLTOPhase) { add(manager); });
#else
  builder.registerOptimizerLastEPCallback(
      [add](llvm::ModulePassManager& manager, llvm::OptimizationLevel) { add(manager); });
#endif
}

}  // namespace hindsight
