// atomic<shared_ptr> of libstdc++ 12 guards its pointer with a bit of its count and gives the bit
// back with relaxed order where it only read the pointer. It means to be a lock, so it is treated
// as one: a relaxed unlock becomes a release [SEMANTICS.md, "Atomics"].
//
// Runs before everything else, while the function still has its name.
#include "early.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;

namespace hindsight {

bool strengthenSharedPtrUnlock(Module& module) {
  constexpr uint64_t kRelaxed = 0, kRelease = 3;  // std::memory_order
  bool changed = false;
  for (Function& function : module) {
    const StringRef name = function.getName();
    if (function.isDeclaration() || !name.contains("_Sp_atomic") ||
        !name.contains("_Atomic_count6unlock") || function.arg_size() != 2)
      continue;
    Argument* order = function.getArg(1);
    if (!order->getType()->isIntegerTy()) continue;
    IRBuilder<> builder(&*function.getEntryBlock().getFirstInsertionPt());
    Value* relaxed = builder.CreateICmpEQ(order, ConstantInt::get(order->getType(), kRelaxed));
    Value* at_least_release =
        builder.CreateSelect(relaxed, ConstantInt::get(order->getType(), kRelease), order);
    order->replaceUsesWithIf(at_least_release, [&](Use& use) {
      return use.getUser() != relaxed && use.getUser() != at_least_release;
    });
    changed = true;
  }
  return changed;
}

}  // namespace hindsight
