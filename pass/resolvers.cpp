// What chooses a function's version (an ifunc's resolver) runs while the program is being
// relocated: there is neither a runtime nor a thread block yet, so it is left alone, and so is what
// it calls.
//
// Its callees may be called at other times, too, and are checked then. So resolvers call copies of
// them that are not, made for nobody else, as far as bodies are in this module and calls are
// direct.
#include "emit.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace hindsight {
namespace {

class Exemption {
 public:
  /// `function` is left alone, and calls what is.
  void exempt(Function& function) {
    function.addFnAttr(Attribute::DisableSanitizerInstrumentation);
    SmallVector<Function*, 8> left = {&function};
    while (!left.empty())
      for (Instruction& instruction : instructions(*left.pop_back_val()))
        if (auto* call = dyn_cast<CallBase>(&instruction)) callCopy(*call, left);
  }

 private:
  /// A new copy is added to `left`: it makes calls, too.
  void callCopy(CallBase& call, SmallVectorImpl<Function*>& left) {
    auto* callee = dyn_cast<Function>(call.getCalledOperand()->stripPointerCasts());
    if (callee == nullptr || callee->isDeclaration() || callee->isInterposable() ||
        made_.contains(callee))
      return;
    Function*& copy = copies_[callee];
    if (copy == nullptr) {
      ValueToValueMapTy values;
      copy = CloneFunction(callee, values);
      copy->setName(callee->getName() + ".hindsight.early");
      copy->setLinkage(GlobalValue::InternalLinkage);
      copy->setVisibility(GlobalValue::DefaultVisibility);
      copy->setDLLStorageClass(GlobalValue::DefaultStorageClass);
      copy->setDSOLocal(true);
      copy->setComdat(nullptr);
      copy->addFnAttr(Attribute::DisableSanitizerInstrumentation);
      made_.insert(copy);
      left.push_back(copy);
    }
    call.setCalledOperand(call.getCalledOperand() == callee
                              ? copy
                              : ConstantExpr::getBitCast(copy, call.getCalledOperand()->getType()));
  }

  DenseMap<const Function*, Function*> copies_;
  SmallPtrSet<const Function*, 8> made_;
};

}  // namespace

void exemptResolvers(Module& module) {
  Exemption exemption;
  for (GlobalIFunc& chosen : module.ifuncs())
    if (auto* resolver = dyn_cast<Function>(chosen.getResolver()->stripPointerCasts());
        resolver != nullptr && !resolver->isDeclaration())
      exemption.exempt(*resolver);
}

}  // namespace hindsight
