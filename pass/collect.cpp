// Which instructions touch memory that another thread could reach.
//
// Left out: locals and by-value copies whose address never leaves the function, constants, virtual
// tables, what other instrumentations keep, and memory in other address spaces.
#include "plan.h"
#include "processor_memory.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Metadata.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

bool isVtableAccess(const Instruction* instruction) {
  const MDNode* tag = instruction->getMetadata(LLVMContext::MD_tbaa);
  return tag != nullptr && tag->isTBAAVtableAccess();
}

bool isConstantData(const Value* object, const Value* pointer) {
  if (const auto* global = dyn_cast<GlobalVariable>(object)) return global->isConstant();
  // The address came out of an object's vtable pointer: the table itself is constant.
  const auto* load = dyn_cast<LoadInst>(pointer->stripInBoundsOffsets());
  return load != nullptr && isVtableAccess(load);
}

bool startsWith(StringRef text, StringRef prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool belongsToInstrumentation(const Value* object) {
  const auto* global = dyn_cast<GlobalVariable>(object);
  if (global == nullptr) return false;
  const StringRef name = global->getName();
  return startsWith(name, "__llvm_") || startsWith(name, "__profc") || startsWith(name, "llvm.");
}

/// The optimiser makes one update of the counters of several branches.
bool isOneOfInstrumentation(const Value* pointer) {
  SmallVector<const Value*, 4> objects;
  getUnderlyingObjects(pointer, objects);
  return llvm::all_of(objects, belongsToInstrumentation);
}

bool isVolatile(const Instruction& instruction) {
  if (const auto* load = dyn_cast<LoadInst>(&instruction)) return load->isVolatile();
  if (const auto* store = dyn_cast<StoreInst>(&instruction)) return store->isVolatile();
  return false;
}

/// Memory that nobody else knows of when the function begins: a local, or the copy of a struct that
/// was made for it.
bool isOwn(const Value* object) {
  const auto* argument = dyn_cast<Argument>(object);
  return isa<AllocaInst>(object) || (argument != nullptr && argument->hasByValAttr());
}

class Collector {
 public:
  Collector(Function& function, const Options& options)
      : layout_(function.getParent()->getDataLayout()), options_(options) {}

  void add(Instruction& instruction, Value* pointer, Type* type, Align align, bool writes) {
    const TypeSize size = layout_.getTypeStoreSize(type);
    if (size.isScalable() || size.isZero()) return;
    add(instruction, pointer, static_cast<uint64_t>(size.getKnownMinValue()), align, writes);
  }

  void add(Instruction& instruction, Value* pointer, uint64_t bytes, Align align, bool writes) {
    if (pointer->getType()->getPointerAddressSpace() != 0 || pointer->isSwiftError()) return;
    if (!isReachable(pointer, writes)) return;
    APInt offset(layout_.getIndexTypeSizeInBits(pointer->getType()), 0);
    Value* base = pointer->stripAndAccumulateConstantOffsets(layout_, offset, true);
    accesses_.push_back({&instruction, pointer, bytes, align, writes, isVolatile(instruction), base,
                         offset.getSExtValue()});
  }

  void add(LoadInst& load) {
    if (!options_.lanes || !isa<FixedVectorType>(load.getType()))
      return add(load, load.getPointerOperand(), load.getType(), load.getAlign(), false);
    for (const LaneRun& run : usedLanes(load, layout_)) {
      Value* pointer = load.getPointerOperand();
      if (run.offset != 0) {
        IRBuilder<> builder(&load);
        Type* const byte = builder.getInt8Ty();
        pointer = builder.CreateConstInBoundsGEP1_64(
            byte,
            builder.CreatePointerBitCastOrAddrSpaceCast(
                pointer, PointerType::get(byte, load.getPointerAddressSpace())),
            run.offset);
      }
      add(load, pointer, run.bytes, commonAlignment(load.getAlign(), run.offset), false);
    }
  }

  Accesses take() { return std::move(accesses_); }

 private:
  bool isReachable(Value* pointer, bool writes) {
    const Value* object = getUnderlyingObject(pointer);
    if (belongsToInstrumentation(object) || isOneOfInstrumentation(pointer)) return false;
    if (!writes && options_.constants && isConstantData(object, pointer)) return false;
    if (!isOwn(object) || !options_.escape) return true;
    auto [entry, is_new] = captured_.try_emplace(object, true);
    if (is_new) entry->second = mayBeCaptured(object);
    return entry->second;
  }

  const DataLayout& layout_;
  const Options& options_;
  DenseMap<const Value*, bool> captured_;
  Accesses accesses_;
};

Align orOne(MaybeAlign align) { return align ? *align : Align(1); }

/// A struct passed by value in memory is copied by the call.
void addByValue(Collector& collector, CallBase& call) {
  for (unsigned i = 0; i < call.arg_size(); ++i)
    if (call.isByValArgument(i))
      collector.add(call, call.getArgOperand(i), call.getParamByValType(i),
                    orOne(call.getParamAlign(i)), false);
}

/// Whether control certainly goes from `first` to `last`, behind it in the block, without
/// synchronisation.
bool isQuietBetween(const Instruction& first, const Instruction& last, const SyncSummary& sync) {
  for (const Instruction* at = &first; at != &last; at = at->getNextNode()) {
    const bool may_leave = isa<CallBase>(at) && (at->mayThrow() || !at->willReturn());
    if (may_leave || sync.maySynchronise(*at)) return false;
  }
  return true;
}

/// Whether `value` is known at `where`, or can be computed there from what is, in at most `steps`.
bool isKnownAt(const Value* value, const Instruction& where, const DominatorTree& tree,
               unsigned steps = 6) {
  const auto* instruction = dyn_cast<Instruction>(value);
  if (instruction == nullptr || tree.dominates(instruction, &where)) return true;
  if (steps == 0 ||
      !(isa<BinaryOperator>(instruction) || isa<CmpInst>(instruction) ||
        isa<CastInst>(instruction) || isa<FreezeInst>(instruction)) ||
      !isSafeToSpeculativelyExecute(instruction))
    return false;
  return llvm::all_of(instruction->operands(), [&](const Value* operand) {
    return isKnownAt(operand, where, tree, steps - 1);
  });
}

/// `value`, which isKnownAt(`where`), computed anew if need be.
Value* computeAt(Value* value, Instruction& where, const DominatorTree& tree) {
  auto* instruction = dyn_cast<Instruction>(value);
  if (instruction == nullptr || tree.dominates(instruction, &where)) return value;
  SmallVector<Value*, 2> operands;
  for (Value* operand : instruction->operands())
    operands.push_back(computeAt(operand, where, tree));
  Instruction* again = instruction->clone();
  for (unsigned i = 0; i < operands.size(); ++i) again->setOperand(i, operands[i]);
  return IRBuilder<>(&where).Insert(again);
}

/// Two loads of which a select takes one, and where that is known.
struct Choice {
  LoadInst *on_true, *on_false;
  Instruction* where;
};

/// `select(c, load a, load b)`, which the optimiser makes of `load select(c, a, b)`: only the
/// chosen address is the program's access. It is checked where both are loaded, since select and
/// condition may have gone on, over what synchronises; if the condition cannot be known there, with
/// the select, if that has not. Otherwise the program reads both.
bool findChoice(SelectInst& select, Value* if_true, Value* if_false, const DominatorTree& tree,
                const SyncSummary& sync, Choice& choice) {
  auto* on_true = dyn_cast<LoadInst>(if_true);
  auto* on_false = dyn_cast<LoadInst>(if_false);
  if (on_true == nullptr || on_false == nullptr || on_true == on_false || !on_true->hasOneUse() ||
      !on_false->hasOneUse() || !on_true->isSimple() || !on_false->isSimple() ||
      on_true->getPointerOperandType() != on_false->getPointerOperandType() ||
      on_true->getParent() != on_false->getParent())
    return false;
  const bool in_order = on_true->comesBefore(on_false);
  LoadInst& first = in_order ? *on_true : *on_false;
  LoadInst& second = in_order ? *on_false : *on_true;
  if (!isQuietBetween(first, second, sync)) return false;
  choice = {on_true, on_false, &second};
  if (isKnownAt(select.getCondition(), second, tree)) return true;
  choice.where = &select;
  return select.getParent() == second.getParent() && isQuietBetween(second, select, sync);
}

/// The choices that a select stands for: one, or one for each way to it, if the optimiser has
/// doubled the loads and joined each kind by a phi.
SmallVector<Choice, 2> findChoices(SelectInst& select, const DominatorTree& tree,
                                   const SyncSummary& sync) {
  SmallVector<Choice, 2> choices(1);
  if (select.getCondition()->getType()->isVectorTy()) return {};
  if (findChoice(select, select.getTrueValue(), select.getFalseValue(), tree, sync, choices[0]))
    return choices;
  choices.clear();
  auto* on_true = dyn_cast<PHINode>(select.getTrueValue());
  auto* on_false = dyn_cast<PHINode>(select.getFalseValue());
  if (on_true == nullptr || on_false == nullptr || on_true->getParent() != on_false->getParent() ||
      !on_true->hasOneUse() || !on_false->hasOneUse())
    return {};
  for (const BasicBlock* from : on_true->blocks()) {
    Choice choice;
    if (findChoice(select, on_true->getIncomingValueForBlock(from),
                   on_false->getIncomingValueForBlock(from), tree, sync, choice) &&
        choice.where != &select)
      choices.push_back(choice);
  }
  return choices;
}

void addSmall(Collector& collector, MemIntrinsic& intrinsic) {
  const uint64_t bytes = cast<ConstantInt>(intrinsic.getLength())->getZExtValue();
  if (auto* transfer = dyn_cast<MemTransferInst>(&intrinsic))
    collector.add(intrinsic, transfer->getRawSource(), bytes, orOne(transfer->getSourceAlign()),
                  false);
  collector.add(intrinsic, intrinsic.getRawDest(), bytes, orOne(intrinsic.getDestAlign()), true);
}

}  // namespace

bool isSmall(const MemIntrinsic& intrinsic, const Options& options) {
  constexpr uint64_t kLargestInline = 32;
  const auto* length = dyn_cast<ConstantInt>(intrinsic.getLength());
  return options.small && length != nullptr && length->getValue().ule(kLargestInline) &&
         !length->isZero() && intrinsic.getDestAddressSpace() == 0;
}

namespace {

/// Whether `store` writes all that `load` reads.
bool writesBack(const StoreInst& store, const LoadInst& load) {
  return store.getPointerOperand() == load.getPointerOperand() &&
         store.getValueOperand()->getType() == load.getType();
}

/// Whether the instruction may order anything, or be the last one.
bool isLoud(const Instruction& instruction) {
  return (isa<CallBase>(instruction) && !isa<IntrinsicInst>(instruction)) || instruction.isAtomic();
}

struct Loops {
  const LoopInfo& info;
  ScalarEvolution& evolution;

  /// Whether the loop is known to end.
  bool end(const Loop& loop) {
    return isMustProgress(&loop) || evolution.hasLoopInvariantBackedgeTakenCount(&loop);
  }
};

/// Whether nothing loud lies on any way from `from`, which dominates it, to `to`, nor what may
/// never end.
bool followsQuietly(const Instruction& from, const Instruction& to, Loops& loops) {
  constexpr unsigned kMostBlocks = 64;
  SmallVector<const Instruction*, 8> ends = {to.getPrevNode()};
  if (ends[0] == nullptr)
    for (const BasicBlock* before : predecessors(to.getParent()))
      ends.push_back(before->getTerminator());
  SmallPtrSet<const BasicBlock*, 16> seen;
  while (!ends.empty()) {
    const Instruction* at = ends.pop_back_val();
    if (at == nullptr) continue;
    const BasicBlock* const block = at->getParent();
    while (at != nullptr && at != &from && !isLoud(*at)) at = at->getPrevNode();
    if (at == &from) continue;
    if (at != nullptr || seen.size() == kMostBlocks) return false;
    const Loop* const loop = loops.info.getLoopFor(block);
    if (loop != nullptr && !loops.end(*loop) && !loop->contains(&from)) return false;
    for (const BasicBlock* before : predecessors(block))
      if (seen.insert(before).second) ends.push_back(before->getTerminator());
  }
  return true;
}

/// Whether whatever uses `value`, or what `phis` join it to, stands in a block that writes back to
/// where `load` has read, with nothing loud between: the check of the write then stands for that of
/// the read.
bool isUsedByWrites(const Instruction& value, const LoadInst& load, Loops& loops,
                    SmallPtrSetImpl<const PHINode*>& phis) {
  constexpr unsigned kMostPhis = 64;
  return llvm::all_of(value.users(), [&](const User* user) {
    const auto* instruction = cast<Instruction>(user);
    if (isa<CastInst>(instruction)) return isUsedByWrites(*instruction, load, loops, phis);
    if (const auto* phi = dyn_cast<PHINode>(instruction)) {
      if (!phis.insert(phi).second) return true;
      return phis.size() <= kMostPhis && isUsedByWrites(*phi, load, loops, phis);
    }
    return llvm::any_of(*instruction->getParent(), [&](const Instruction& other) {
      const auto* store = dyn_cast<StoreInst>(&other);
      return store != nullptr && writesBack(*store, load) && followsQuietly(value, *store, loops);
    });
  });
}

bool isUsedByWrites(const Instruction& value, const LoadInst& load, Loops& loops) {
  SmallPtrSet<const PHINode*, 16> phis;
  return isUsedByWrites(value, load, loops, phis);
}

/// Whether `phi` begins a loop behind `load`, straight behind it, that writes what was loaded.
bool beginsWritingLoop(const PHINode& phi, const Value& loaded, const LoadInst& load,
                       Loops& loops) {
  const BasicBlock* const header = phi.getParent();
  const Loop* loop = loops.info.getLoopFor(header);
  if (loop == nullptr || loop->getHeader() != header || loop->contains(&load)) return false;
  for (unsigned i = 0; i < phi.getNumIncomingValues(); ++i) {
    const BasicBlock* const from = phi.getIncomingBlock(i);
    if (phi.getIncomingValue(i) == &loaded && from != load.getParent() &&
        from->getSinglePredecessor() != load.getParent())
      return false;
  }
  return llvm::any_of(load.getPointerOperand()->users(), [&](const User* user) {
    const auto* store = dyn_cast<StoreInst>(user);
    return store != nullptr && writesBack(*store, load) && loop->contains(store);
  });
}

/// Whether `value`, the loaded one or a cast of it (a bool kept as one bit), goes nowhere but to
/// such loops, at least to one (`found`), and to what is left of them when they were unrolled.
bool feedsWritingLoops(const Value& value, const LoadInst& load, Loops& loops, bool& found) {
  return llvm::all_of(value.users(), [&](const User* user) {
    if (isa<CastInst>(user))
      return !user->use_empty() && feedsWritingLoops(*user, load, loops, found);
    const auto* phi = dyn_cast<PHINode>(user);
    if (phi == nullptr) return false;
    if (beginsWritingLoop(*phi, value, load, loops)) return found = true;
    return isUsedByWrites(*phi, load, loops);
  });
}

/// A load that code motion made up. The program need not have read what it loads at all. Either
/// - the value is kept in a register across a loop that reads and writes the place only under a
/// condition, or
/// - it is used only where the place is written, in other blocks, maybe by way of phis (an unrolled
/// loop): the check of the write stands for the read's, too. With debug information such loads are
/// known by having no line.
bool isSpeculated(const LoadInst& load, Loops& loops) {
  if (load.use_empty() || (load.getDebugLoc() && load.getDebugLoc().getLine() != 0)) return false;
  const bool is_update = llvm::any_of(*load.getParent(), [&](const Instruction& other) {
    const auto* store = dyn_cast<StoreInst>(&other);
    return store != nullptr && writesBack(*store, load);
  });
  if (!is_update && isUsedByWrites(load, load, loops)) return true;
  bool found = false;
  return feedsWritingLoops(load, load, loops, found) && found;
}

}  // namespace

Accesses collectAccesses(Function& function, const SyncSummary& sync, const Options& options,
                         FunctionAnalysisManager& analyses) {
  Loops loops{analyses.getResult<LoopAnalysis>(function),
              analyses.getResult<ScalarEvolutionAnalysis>(function)};
  const DominatorTree& tree = analyses.getResult<DominatorTreeAnalysis>(function);
  Collector collector(function, options);
  const DataLayout& layout = function.getParent()->getDataLayout();
  SmallPtrSet<const Instruction*, 8> chosen;  // loads that a select stands for
  SmallVector<SelectInst*, 8> selects;
  for (Instruction& instruction : instructions(function))
    if (auto* select = dyn_cast<SelectInst>(&instruction); select != nullptr && options.selects)
      selects.push_back(select);
  for (SelectInst* select : selects)
    for (const Choice& choice : findChoices(*select, tree, sync)) {
      chosen.insert(choice.on_true);
      chosen.insert(choice.on_false);
      Value* address = IRBuilder<>(choice.where)
                           .CreateSelect(computeAt(select->getCondition(), *choice.where, tree),
                                         choice.on_true->getPointerOperand(),
                                         choice.on_false->getPointerOperand());
      collector.add(*choice.where, address, select->getType(),
                    std::min(choice.on_true->getAlign(), choice.on_false->getAlign()), false);
    }
  for (Instruction& instruction : instructions(function)) {
    if (chosen.count(&instruction) != 0) continue;
    if (instruction.isAtomic() || instruction.hasMetadata("nosanitize")) continue;
    if (auto* load = dyn_cast<LoadInst>(&instruction);
        load != nullptr && !(options.speculated && isSpeculated(*load, loops)))
      collector.add(*load);
    else if (auto* store = dyn_cast<StoreInst>(&instruction))
      collector.add(*store, store->getPointerOperand(), store->getValueOperand()->getType(),
                    store->getAlign(), true);
    else if (auto* intrinsic = dyn_cast<MemIntrinsic>(&instruction);
             intrinsic != nullptr && isSmall(*intrinsic, options))
      addSmall(collector, *intrinsic);
    else if (auto* intrinsic = dyn_cast<IntrinsicInst>(&instruction))
      for (const WholeAccess& access : wholeAccesses(*intrinsic, layout))
        collector.add(instruction, access.pointer, access.bytes, Align(1), access.writes);
    else if (auto* call = dyn_cast<CallBase>(&instruction))
      addByValue(collector, *call);
  }
  return collector.take();
}

}  // namespace hindsight
