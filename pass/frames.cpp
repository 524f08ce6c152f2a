// Shadow stack: an instrumented function that calls others pushes its return address at entry and
// puts the pointer back before it returns, at landing pads and after setjmp returns once more.
// Where others catch, the runtime does (runtime/entry/left_frames.h).
#include "emit.h"
#include "hindsight/abi.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {

void emitFrames(Function& function, Abi& abi) {
  BasicBlock& entry = function.getEntryBlock();
  BasicBlock::iterator first = entry.getFirstInsertionPt();
  while (isa<AllocaInst>(*first)) ++first;
  IRBuilder<> builder(&*first);
  builder.SetCurrentDebugLocation(DebugLoc());
  Value* field = abi.tlsField(builder, HINDSIGHT_TLS_STACK);
  Value* old_top = builder.CreateLoad(builder.getInt64Ty(), field);
  Value* new_top = builder.CreateAdd(old_top, builder.getInt64(8));
  // The pointer first: a signal handler that comes in between pushes above this entry.
  builder.CreateStore(new_top, field);
  builder.CreateStore(returnAddress(builder),
                      builder.CreateIntToPtr(old_top, pointerTo(builder.getInt64Ty())));

  const auto setBefore = [&](Instruction* where, Value* top) {
    IRBuilder<> at(where);
    at.SetCurrentDebugLocation(DebugLoc());
    at.CreateStore(top, abi.tlsField(at, HINDSIGHT_TLS_STACK));
  };
  SmallVector<Instruction*, 8> ends, resets;
  for (Instruction& instruction : instructions(function)) {
    if (isa<LandingPadInst>(instruction)) {
      resets.push_back(&*instruction.getParent()->getFirstInsertionPt());
    } else if (auto* invoke = dyn_cast<InvokeInst>(&instruction)) {
      // Where another way leads there, too, the pointer is what it was.
      if (invoke->hasFnAttr(Attribute::ReturnsTwice))
        resets.push_back(&*invoke->getNormalDest()->getFirstInsertionPt());
    } else if (auto* call = dyn_cast<CallInst>(&instruction)) {
      if (call->hasFnAttr(Attribute::ReturnsTwice) ||
          call->getIntrinsicID() == Intrinsic::eh_sjlj_setjmp)
        resets.push_back(call->getNextNode());
    } else if (isa<ReturnInst>(instruction)) {
      CallInst* tail = instruction.getParent()->getTerminatingMustTailCall();
      ends.push_back(tail != nullptr ? static_cast<Instruction*>(tail) : &instruction);
    } else if (isa<ResumeInst>(instruction)) {
      ends.push_back(&instruction);
    }
  }
  // In this order: a landing pad may be followed by the end at once.
  for (Instruction* where : resets) setBefore(where, new_top);
  for (Instruction* where : ends) setBefore(where, old_top);
}

}  // namespace hindsight
