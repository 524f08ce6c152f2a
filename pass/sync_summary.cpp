#include "sync_summary.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace hindsight {
namespace {

/// A mathematical signature: a program may have a `log(const char*, ...)` of its own.
bool isNumeric(const FunctionType& type) {
  const auto isNumber = [](const Type* part) {
    return part->isFloatingPointTy() || part->isIntegerTy();
  };
  if (type.isVarArg() || type.getNumParams() == 0 || !isNumber(type.getReturnType())) return false;
  return llvm::all_of(type.params(), isNumber);
}

bool isIntegerFunction(StringRef name) {
  return name.substr(0, 2) == "is" || name.substr(0, 2) == "to" || name == "abs" ||
         name == "labs" || name == "llabs";
}

/// Functions of the C library that touch no memory another thread could see, save errno.
bool isPureLibraryFunction(const Function& function) {
  const StringRef name = function.getName();
  const FunctionType& type = *function.getFunctionType();
  const bool takes_reals = llvm::any_of(
      type.params(), [](const Type* part) { return part->isFloatingPointTy(); });
  if (!isNumeric(type) || takes_reals == isIntegerFunction(name)) return false;
  static const StringSet<> names = {
      "sqrt",  "sqrtf", "sin",   "sinf",  "cos",   "cosf",  "tan",   "tanf",   "exp",   "expf",
      "exp2",  "exp2f", "log",   "logf",  "log2",  "log2f", "log10", "log10f", "pow",   "powf",
      "fabs",  "fabsf", "floor", "floorf", "ceil", "ceilf", "fmod",  "fmodf",  "atan",  "atanf",
      "atan2", "atan2f", "asin", "asinf", "acos",  "acosf", "sinh",  "cosh",   "tanh",  "round",
      "roundf", "trunc", "truncf", "lround", "lroundf", "fmin", "fmax", "fminf", "fmaxf", "hypot",
      "cbrt",  "abs",   "labs",  "llabs", "isalpha", "isdigit", "isspace", "toupper", "tolower"};
  return names.contains(name);
}

bool releases(AtomicOrdering order) { return isReleaseOrStronger(order); }

}  // namespace

SyncSummary::SyncSummary(const Module& module) {
  for (const Function& function : module)
    if (!function.isDeclaration() && function.hasExactDefinition()) harmless_.insert(&function);
  for (bool changed = true; changed;) {
    changed = false;
    for (const Function& function : module) {
      if (!harmless_.contains(&function)) continue;
      for (const Instruction& instruction : instructions(function)) {
        if (!maySynchronise(instruction)) continue;
        harmless_.erase(&function);
        changed = true;
        break;
      }
    }
  }
}

bool SyncSummary::callSynchronises(const CallBase& call) const {
  if (isa<IntrinsicInst>(call) || call.isInlineAsm() ) return call.isInlineAsm();
  if (call.hasFnAttr(Attribute::NoSync)) return false;
  const Function* callee = call.getCalledFunction();
  if (callee == nullptr) return true;
  if (callee->isDeclaration()) return !isPureLibraryFunction(*callee);
  return !harmless_.contains(callee);
}

bool SyncSummary::mayRelease(const Instruction& instruction) const {
  if (const auto* call = dyn_cast<CallBase>(&instruction)) return callSynchronises(*call);
  if (const auto* store = dyn_cast<StoreInst>(&instruction)) return releases(store->getOrdering());
  if (const auto* fence = dyn_cast<FenceInst>(&instruction))
    return fence->getSyncScopeID() != SyncScope::SingleThread && releases(fence->getOrdering());
  if (const auto* update = dyn_cast<AtomicRMWInst>(&instruction))
    return releases(update->getOrdering());
  if (const auto* exchange = dyn_cast<AtomicCmpXchgInst>(&instruction))
    return releases(exchange->getSuccessOrdering());
  return false;
}

bool SyncSummary::maySynchronise(const Instruction& instruction) const {
  if (const auto* call = dyn_cast<CallBase>(&instruction)) return callSynchronises(*call);
  if (isa<FenceInst>(instruction))
    return cast<FenceInst>(instruction).getSyncScopeID() != SyncScope::SingleThread;
  return instruction.isAtomic();
}

}  // namespace hindsight
