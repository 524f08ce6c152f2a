#include "sync_summary.h"

#include "processor_fences.h"
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
  const bool takes_reals =
      llvm::any_of(type.params(), [](const Type* part) { return part->isFloatingPointTy(); });
  if (!isNumeric(type) || takes_reals == isIntegerFunction(name)) return false;
  static const StringSet<> names = {
      "sqrt",    "sqrtf",   "sin",     "sinf",    "cos",    "cosf",   "tan",    "tanf",   "exp",
      "expf",    "exp2",    "exp2f",   "log",     "logf",   "log2",   "log2f",  "log10",  "log10f",
      "pow",     "powf",    "fabs",    "fabsf",   "floor",  "floorf", "ceil",   "ceilf",  "fmod",
      "fmodf",   "atan",    "atanf",   "atan2",   "atan2f", "asin",   "asinf",  "acos",   "acosf",
      "sinh",    "cosh",    "tanh",    "round",   "roundf", "trunc",  "truncf", "lround", "lroundf",
      "fmin",    "fmax",    "fminf",   "fmaxf",   "hypot",  "cbrt",   "abs",    "labs",   "llabs",
      "isalpha", "isdigit", "isspace", "toupper", "tolower"};
  return names.contains(name);
}

/// Functions of the C and C++ libraries that look at memory, or link nodes of a tree that the
/// caller owns, and take no lock for it.
bool isQuietLibraryFunction(const Function& function) {
  static const StringSet<> names = {
      "memcpy",
      "memmove",
      "memset",
      "memcmp",
      "bcmp",
      "memchr",
      "memrchr",
      "strlen",
      "strnlen",
      "strcmp",
      "strncmp",
      "strchr",
      "strrchr",
      "strstr",
      "_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base",
      "_ZSt18_Rb_tree_incrementPKSt18_Rb_tree_node_base",
      "_ZSt18_Rb_tree_decrementPSt18_Rb_tree_node_base",
      "_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base",
      "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_",
      "_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_",
      "_ZSt11_Hash_bytesPKvmm",
      "_ZNKSt8__detail20_Prime_rehash_policy11_M_next_bktEm",
      "_ZNKSt8__detail20_Prime_rehash_policy14_M_need_rehashEmmm"};
  return names.contains(function.getName());
}

/// Whether the body in this module says what a call does.
bool isBodyKnown(const Function& function) {
  return !function.isDeclaration() && !function.isInterposable() &&
         !function.hasAvailableExternallyLinkage();
}

bool releases(AtomicOrdering order) { return isReleaseOrStronger(order); }

}  // namespace

bool isBuiltinJump(const CallBase& call) {
  const Intrinsic::ID id = call.getIntrinsicID();
  return id == Intrinsic::eh_sjlj_setjmp || id == Intrinsic::eh_sjlj_longjmp;
}

template <class Offends>
void SyncSummary::keepThoseWithout(Functions& functions, Offends offends) {
  for (bool changed = true; changed;) {
    changed = false;
    const SmallVector<const Function*, 32> now(functions.begin(), functions.end());
    for (const Function* function : now)
      if (llvm::any_of(instructions(*function), offends)) changed |= functions.erase(function);
  }
}

SyncSummary::SyncSummary(const Module& module, const Options& options)
    : knows_library_(options.library) {
  if (!options.summaries) return;
  for (const Function& function : module)
    if (isBodyKnown(function)) harmless_.insert(&function);
  without_release_ = without_atomic_store_ = harmless_;
  keepThoseWithout(harmless_, [&](const Instruction& at) { return maySynchronise(at); });
  keepThoseWithout(without_release_, [&](const Instruction& at) { return mayRelease(at); });
  keepThoseWithout(without_atomic_store_,
                   [&](const Instruction& at) { return mayStoreAtomically(at); });
}

/// Whether the callee is one of `functions`, or harmless by its nature.
bool SyncSummary::isKnownIn(const Functions& functions, const CallBase& call) const {
  if (call.isInlineAsm() || isBuiltinJump(call) || isProcessorFence(call)) return false;
  if (isa<IntrinsicInst>(call) || call.hasFnAttr(Attribute::NoSync)) return true;
  const Function* callee = call.getCalledFunction();
  if (callee == nullptr) return false;
  if (callee->isDeclaration())
    return knows_library_ && (isPureLibraryFunction(*callee) || isQuietLibraryFunction(*callee));
  return functions.contains(callee);
}

bool SyncSummary::mayRelease(const Instruction& instruction) const {
  if (const auto* call = dyn_cast<CallBase>(&instruction))
    return !isKnownIn(without_release_, *call);
  if (const auto* store = dyn_cast<StoreInst>(&instruction)) return releases(store->getOrdering());
  if (const auto* fence = dyn_cast<FenceInst>(&instruction))
    return fence->getSyncScopeID() != SyncScope::SingleThread && releases(fence->getOrdering());
  if (const auto* update = dyn_cast<AtomicRMWInst>(&instruction))
    return releases(update->getOrdering());
  if (const auto* exchange = dyn_cast<AtomicCmpXchgInst>(&instruction))
    return releases(exchange->getSuccessOrdering());
  return false;
}

bool SyncSummary::mayStoreAtomically(const Instruction& instruction) const {
  if (const auto* call = dyn_cast<CallBase>(&instruction))
    return !isKnownIn(without_atomic_store_, *call);
  return instruction.isAtomic() && !isa<LoadInst>(instruction) && !isa<FenceInst>(instruction);
}

bool SyncSummary::maySynchronise(const Instruction& instruction) const {
  if (const auto* call = dyn_cast<CallBase>(&instruction)) return !isKnownIn(harmless_, *call);
  if (isa<FenceInst>(instruction))
    return cast<FenceInst>(instruction).getSyncScopeID() != SyncScope::SingleThread;
  return instruction.isAtomic();
}

}  // namespace hindsight
