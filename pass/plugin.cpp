// The plugin: runs after every other pass, at every optimisation level, on code compiled with
// -fsanitize=thread, and then keeps ThreadSanitizer's own pass out.
#include <cstdlib>

#include "early.h"
#include "emit.h"
#include "hindsight/abi.h"
#include "plan.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

bool isExempt(const Function& function) {
  return function.isDeclaration() || function.hasAvailableExternallyLinkage() ||
         function.hasFnAttribute(Attribute::Naked) ||
         function.hasFnAttribute(Attribute::DisableSanitizerInstrumentation);
}

/// Whether any call is left whose callee might look at the shadow stack, or record on it.
bool makesCalls(const Function& function) {
  for (const Instruction& instruction : instructions(function)) {
    const auto* call = dyn_cast<CallBase>(&instruction);
    if (call == nullptr || call->isInlineAsm()) continue;
    if (!isa<IntrinsicInst>(call) || isBuiltinJump(*call)) return true;
  }
  return false;
}

/// Calls of the C library that code generation would turn into moves stay calls, which the runtime
/// checks.
void keepLibraryCalls(Function& function, const TargetLibraryInfo& library) {
  for (Instruction& instruction : instructions(function)) {
    auto* call = dyn_cast<CallBase>(&instruction);
    LibFunc called;
    if (call == nullptr || !library.getLibFunc(*call, called)) continue;
    switch (called) {
      case LibFunc_memcmp:
      case LibFunc_bcmp:
      case LibFunc_memchr:
      case LibFunc_mempcpy:
      case LibFunc_stpcpy:
      case LibFunc_strcmp:
      case LibFunc_strcpy:
      case LibFunc_strlen:
      case LibFunc_strnlen: call->addFnAttr(Attribute::NoBuiltin); break;
      default: break;
    }
  }
}

class HindsightPass : public PassInfoMixin<HindsightPass> {
 public:
  explicit HindsightPass(const Options& options) : options_(options) {}

  PreservedAnalyses run(Module& module, ModuleAnalysisManager& modules) {
    auto& functions = modules.getResult<FunctionAnalysisManagerModuleProxy>(module).getManager();
    Abi abi(module);
    exemptResolvers(module);
    const SyncSummary sync(module, options_);
    for (Function& function : module)
      if (!isExempt(function)) instrument(function, abi, sync, functions);
    // An object of another ABI version does not link.
    requireAbiVersion(module);
    return PreservedAnalyses::none();
  }

  static bool isRequired() { return true; }  // at -O0 and for optnone functions too

 private:
  void instrument(Function& function, Abi& abi, const SyncSummary& sync,
                  FunctionAnalysisManager& analyses) {
    Accesses accesses;
    std::vector<RangeCheck> ranges;
    const bool checks_plain = function.hasFnAttribute(Attribute::SanitizeThread);
    bool changed = false;
    if (checks_plain) {
      const bool loops = !function.hasFnAttribute(Attribute::OptimizeNone);
      const bool before = loops && options_.ranges, after = loops && options_.after_loops;
      if (after && options_.split && splitLoops(function, sync, analyses))
        analyses.invalidate(function, PreservedAnalyses::none());
      if ((before || after) && simplifyLoops(function, analyses))
        analyses.invalidate(function, PreservedAnalyses::none());
      accesses = collectAccesses(function, sync, options_, analyses);
      elideRedundant(function, accesses, sync, options_);
      if (before) ranges = coalesceLoops(function, accesses, sync, options_, analyses);
      if (after) append(ranges, checkAfterLoops(function, accesses, sync, analyses));
      changed = !accesses.empty() || !ranges.empty();
    }
    const Checks checks = mergeAccesses(accesses, sync, options_);
    const bool calls = makesCalls(function) || needsCalls(function, checks_plain);
    emitChecks(function, abi, checks, ranges, sync, options_, options_.leaf && !calls);
    changed |= lowerAtomics(function, abi);
    if (options_.assembly) changed |= lowerAssembly(function, abi);
    if (checks_plain) {
      changed |= lowerMemoryIntrinsics(function, abi, options_);
      keepLibraryCalls(function, analyses.getResult<TargetLibraryAnalysis>(function));
      if (options_.masked) changed |= checkMasked(function, abi);
    }
    if (checks_plain && (calls || (changed && !options_.leaf))) {
      emitFrames(function, abi);
      changed = true;
    }
    function.addFnAttr(Attribute::DisableSanitizerInstrumentation);
    if (changed) {
      forgetMemoryAttributes(function);
      analyses.invalidate(function, PreservedAnalyses::none());
    }
  }

  static void append(std::vector<RangeCheck>& ranges, const std::vector<RangeCheck>& more) {
    ranges.insert(ranges.end(), more.begin(), more.end());
  }

  /// Whether lowering will leave calls of the runtime that record accesses.
  bool needsCalls(const Function& function, bool checks_plain) const {
    for (const Instruction& instruction : instructions(function)) {
      if (instruction.isAtomic() || (options_.assembly && isSynchronisingAssembly(instruction)))
        return true;
      if (checks_plain && options_.masked && isMasked(instruction)) return true;
      const auto* intrinsic = dyn_cast<MemIntrinsic>(&instruction);
      if (checks_plain && intrinsic != nullptr && !isSmall(*intrinsic, options_)) return true;
    }
    return false;
  }

  static bool simplifyLoops(Function& function, FunctionAnalysisManager& analyses) {
    LoopInfo& loops = analyses.getResult<LoopAnalysis>(function);
    if (loops.empty()) return false;
    DominatorTree& tree = analyses.getResult<DominatorTreeAnalysis>(function);
    bool changed = false;
    for (Loop* loop : loops)
      changed |= simplifyLoop(loop, &tree, &loops, nullptr, nullptr, nullptr, false);
    return changed;
  }

  static void requireAbiVersion(Module& module) {
    Type* type = Type::getInt8Ty(module.getContext());
    auto* version = cast<GlobalVariable>(module.getOrInsertGlobal(HINDSIGHT_ABI_SYMBOL, type));
    auto* reference = new GlobalVariable(module, version->getType(), true,
                                         GlobalValue::PrivateLinkage, version, "hindsight.abi");
    reference->setSection(".data.rel.ro.hindsight");
    SmallVector<GlobalValue*, 1> used{reference};
    appendToCompilerUsed(module, used);
  }

  Options options_;
};

class EarlyPass : public PassInfoMixin<EarlyPass> {
 public:
  explicit EarlyPass(const Options& options) : options_(options) {}

  PreservedAnalyses run(Module& module, ModuleAnalysisManager&) {
    return options_.shared_ptr && strengthenSharedPtrUnlock(module) ? PreservedAnalyses::none()
                                                                    : PreservedAnalyses::all();
  }
  static bool isRequired() { return true; }

 private:
  Options options_;
};

}  // namespace
}  // namespace hindsight

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "Hindsight", LLVM_VERSION_STRING, [](PassBuilder& builder) {
            std::string error;
            const hindsight::Options options =
                hindsight::parseOptions(std::getenv("HINDSIGHT_PASS"), error);
            if (!error.empty()) {
              errs() << "hindsight: HINDSIGHT_PASS: unknown word '" << error
                     << "'; known: " << hindsight::optionWords() << "\n";
              std::exit(2);
            }
            auto* const callbacks = builder.getPassInstrumentationCallbacks();
            if (options.choices && callbacks != nullptr) hindsight::keepChoices(*callbacks);
            if (options.conditions && callbacks != nullptr) hindsight::keepConditions(*callbacks);
            builder.registerPipelineStartEPCallback([options](ModulePassManager& manager, auto...) {
              manager.addPass(hindsight::EarlyPass(options));
            });
            hindsight::registerLast(builder, [options](ModulePassManager& manager) {
              manager.addPass(hindsight::HindsightPass(options));
            });
            builder.registerPipelineParsingCallback(
                [options](StringRef name, ModulePassManager& manager,
                          ArrayRef<PassBuilder::PipelineElement>) {
                  if (name == "hindsight-early")
                    manager.addPass(hindsight::EarlyPass(options));
                  else if (name == "hindsight")
                    manager.addPass(hindsight::HindsightPass(options));
                  else
                    return false;
                  return true;
                });
          }};
}
