// Keeps the optimiser from reading, whatever comes, what the program reads under a condition.
//
// LICM keeps a place in a register for a loop that reads and writes it under a condition, and reads
// it in front of the loop where it is known to be there. If the condition never holds, the program
// has not read it. Such loads are volatile while LICM runs.
//
// GVN keeps what the header of a loop reads in a register, and reads it again behind what changes
// it on a side way: an unlock, say, of the last round, behind which the program reads it no more.
// Such loads are volatile while GVN runs. (Behind a store alone the read is as good as the one
// that the program made just before: nothing was released in between.)
//
// InstCombine makes one load of what memcmp would compare byte by byte, and memcmp of strcmp where
// enough bytes are known to be there (`strcmp(a, "abc") == 0`). What lies behind the first
// difference, or behind the end of a shorter string, is none of the program's accesses. Such calls
// are not known as those of the C library while it runs.
//
// ArgumentPromotion hands values over instead of addresses: callers read what the function would
// have read under a condition, where all of them are known to point to memory. It does not run.
//
// -fsanitize=thread stops none of these.
#include <algorithm>
#include <memory>
#include <utility>

#include "early.h"
#include "kept_loads.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/LazyCallGraph.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/ValueHandle.h"

using namespace llvm;

namespace hindsight {
namespace {

/// Whether the call stops at the first difference, where InstCombine would load several bytes.
bool stopsEarly(const CallBase& call) {
  const Function* const callee = call.getCalledFunction();
  if (callee == nullptr || !callee->isDeclaration() || call.isNoBuiltin()) return false;
  const StringRef name = callee->getName();
  const bool strings = name == "strcmp" || name == "strncmp" || name == "strstr";
  const bool counts = name == "strncmp" || name == "memcmp" || name == "bcmp";
  if ((!strings && !counts) || call.arg_size() != (counts ? 3 : 2)) return false;
  StringRef text;
  uint64_t bytes = UINT64_MAX;
  unsigned known = 0;
  for (unsigned i = 0; i < 2; ++i) {
    if (!call.getArgOperand(i)->getType()->isPointerTy()) return false;
    if (!pointsToText(call.getArgOperand(i), text, strings)) continue;
    if (strings) bytes = text.size() + 1;
    ++known;
  }
  if (counts)
    if (const auto* most = dyn_cast<ConstantInt>(call.getArgOperand(2)))
      bytes = std::min(bytes, most->getLimitedValue());
  return known < 2 && bytes > 1 && bytes != UINT64_MAX;
}

/// InstCombine over one function.
class CallKeeper {
 public:
  void before(Function& function) {
    if (!function.hasFnAttribute(Attribute::SanitizeThread)) return;
    for (Instruction& instruction : instructions(function)) {
      auto* call = dyn_cast<CallBase>(&instruction);
      if (call == nullptr || !stopsEarly(*call)) continue;
      call->addFnAttr(Attribute::NoBuiltin);
      kept_.emplace_back(call);
    }
  }

  void after() {
    for (const WeakVH& value : kept_)
      if (auto* call = cast_or_null<CallBase>(static_cast<Value*>(value)))
        call->removeFnAttr(Attribute::NoBuiltin);
    kept_.clear();
  }

 private:
  SmallVector<WeakVH, 4> kept_;
};

/// LICM over one loop.
class LoopKeeper {
 public:
  void before(Loop& loop) {
    if (!loop.getHeader()->getParent()->hasFnAttribute(Attribute::SanitizeThread)) return;
    const DataLayout& layout = loop.getHeader()->getModule()->getDataLayout();
    MapVector<Address, Place> places;
    for (BasicBlock* block : loop.blocks())
      for (Instruction& instruction : *block)
        if (const Value* const pointer = getLoadStorePointerOperand(&instruction)) {
          const Address address = addressOf(*pointer, layout);
          if (loop.isLoopInvariant(address.first)) places[address].add(instruction);
        }
    std::unique_ptr<DominatorTree> tree;
    for (auto& [address, place] : places) {
      if (place.loads.empty() || !place.is_written) continue;
      if (tree == nullptr) tree = std::make_unique<DominatorTree>(*loop.getHeader()->getParent());
      if (llvm::any_of(place.blocks,
                       [&](BasicBlock* at) { return isAlwaysPassed(loop, *at, *tree); }))
        continue;
      for (LoadInst* load : place.loads) setVolatile(*load, true);
      kept_.append(place.loads.begin(), place.loads.end());
    }
  }

  void after() {
    for (const WeakVH& value : kept_)
      if (auto* load = cast_or_null<LoadInst>(static_cast<Value*>(value)))
        setVolatile(*load, false);
    kept_.clear();
  }

 private:
  /// A pointer and a distance from it in bytes. Each access may compute its address anew, before
  /// LICM makes them one.
  using Address = std::pair<const Value*, int64_t>;
  static Address addressOf(const Value& pointer, const DataLayout& layout) {
    APInt offset(layout.getIndexTypeSizeInBits(pointer.getType()), 0);
    const Value* base = pointer.stripAndAccumulateConstantOffsets(layout, offset, true);
    return {base, offset.getSExtValue()};
  }

  /// The accesses of a loop to one address.
  struct Place {
    SmallVector<LoadInst*, 4> loads;
    SmallSetVector<BasicBlock*, 4> blocks;
    bool is_written = false;

    void add(Instruction& access) {
      blocks.insert(access.getParent());
      if (isa<StoreInst>(access)) is_written = true;
      auto* load = dyn_cast<LoadInst>(&access);
      if (load != nullptr && load->isSimple()) loads.push_back(load);
    }
  };

  static bool isAlwaysPassed(const Loop& loop, BasicBlock& block, const DominatorTree& tree) {
    SmallVector<BasicBlock*, 8> ends;
    loop.getLoopLatches(ends);
    loop.getExitingBlocks(ends);
    return llvm::all_of(ends, [&](BasicBlock* end) { return tree.dominates(&block, end); });
  }

  SmallVector<WeakVH, 8> kept_;
};

/// GVN over one function.
class HeaderKeeper {
 public:
  void before(Function& function) {
    if (!function.hasFnAttribute(Attribute::SanitizeThread) || function.size() < 3) return;
    const DominatorTree tree(function);
    const LoopInfo loops(tree);
    for (const Loop* loop : loops.getLoopsInPreorder()) {
      const BasicBlock* const latch = loop->getLoopLatch();
      if (latch == nullptr) continue;
      const auto may_release = [&](const BasicBlock* block) {
        return !tree.dominates(block, latch) && llvm::any_of(*block, releases);
      };
      if (!llvm::any_of(loop->blocks(), may_release)) continue;
      for (Instruction& instruction : *loop->getHeader()) {
        auto* load = dyn_cast<LoadInst>(&instruction);
        if (load == nullptr || !load->isSimple()) continue;
        if (!loop->isLoopInvariant(load->getPointerOperand())) continue;
        setVolatile(*load, true);
        kept_.emplace_back(load);
      }
    }
  }

  void after() {
    for (const WeakVH& value : kept_)
      if (auto* load = cast_or_null<LoadInst>(static_cast<Value*>(value)))
        setVolatile(*load, false);
    kept_.clear();
  }

 private:
  /// Whether another thread may be ordered behind the instruction.
  static bool releases(const Instruction& instruction) {
    const auto* call = dyn_cast<CallBase>(&instruction);
    if (call == nullptr) return instruction.isAtomic() && !isa<LoadInst>(instruction);
    const bool is_harmless = isa<IntrinsicInst>(call) || call->hasFnAttr(Attribute::NoSync);
    return call->mayWriteToMemory() && !is_harmless;
  }

  SmallVector<WeakVH, 8> kept_;
};

/// Whether the pass would work on functions some of which are checked, or called by such.
bool isBesideChecked(const Any& unit) {
  LazyCallGraph::SCC* const component = unitOf<LazyCallGraph::SCC>(unit);
  if (component == nullptr || component->size() == 0) return true;
  return llvm::any_of(*component->begin()->getFunction().getParent(), [](const Function& function) {
    return function.hasFnAttribute(Attribute::SanitizeThread);
  });
}

}  // namespace

void keepConditions(PassInstrumentationCallbacks& callbacks) {
  callbacks.registerShouldRunOptionalPassCallback([](StringRef pass, const Any& unit) {
    return pass != "ArgumentPromotionPass" || !isBesideChecked(unit);
  });
  auto calls = std::make_shared<CallKeeper>();
  auto loops = std::make_shared<LoopKeeper>();
  auto headers = std::make_shared<HeaderKeeper>();
  callbacks.registerBeforeNonSkippedPassCallback(
      [calls, loops, headers](StringRef pass, const Any& unit) {
        if (pass == "InstCombinePass")
          if (Function* function = unitOf<Function>(unit)) calls->before(*function);
        if (pass == "GVNPass")
          if (Function* function = unitOf<Function>(unit)) headers->before(*function);
        if (pass == "LICMPass")
          if (Loop* loop = unitOf<Loop>(unit)) loops->before(*loop);
      });
  callbacks.registerAfterPassCallback(
      [calls, loops, headers](StringRef, const Any&, const PreservedAnalyses&) {
        calls->after();
        loops->after();
        headers->after();
      });
}

}  // namespace hindsight
