// Which instructions touch memory that another thread could reach.
//
// Left out: locals and by-value copies whose address never leaves the function, constants, virtual
// tables, what other instrumentations keep, and memory in other address spaces.
#include "llvm/ADT/DenseMap.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Metadata.h"
#include "llvm_versions.h"
#include "plan.h"

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

bool startsWith(StringRef text, StringRef prefix) { return text.substr(0, prefix.size()) == prefix; }

bool belongsToInstrumentation(const Value* object) {
  const auto* global = dyn_cast<GlobalVariable>(object);
  if (global == nullptr) return false;
  const StringRef name = global->getName();
  return startsWith(name, "__llvm_") || startsWith(name, "__profc") || startsWith(name, "llvm.");
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
    accesses_.push_back(
        {&instruction, pointer, bytes, align, writes, isVolatile(instruction), base,
         offset.getSExtValue()});
  }

  Accesses take() { return std::move(accesses_); }

 private:
  bool isReachable(Value* pointer, bool writes) {
    const Value* object = getUnderlyingObject(pointer);
    if (belongsToInstrumentation(object)) return false;
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

/// `select(c, load a, load b)`, which the optimiser makes of `load select(c, a, b)`: only the
/// chosen address is the program's access. Returns null if the pattern is another.
Value* chosenAddress(SelectInst& select) {
  auto* on_true = dyn_cast<LoadInst>(select.getTrueValue());
  auto* on_false = dyn_cast<LoadInst>(select.getFalseValue());
  if (on_true == nullptr || on_false == nullptr || select.getCondition()->getType()->isVectorTy() ||
      !on_true->hasOneUse() || !on_false->hasOneUse() || !on_true->isSimple() ||
      !on_false->isSimple() ||
      on_true->getPointerOperandType() != on_false->getPointerOperandType())
    return nullptr;
  return IRBuilder<>(&select).CreateSelect(select.getCondition(), on_true->getPointerOperand(),
                                           on_false->getPointerOperand());
}

void addSmall(Collector& collector, MemIntrinsic& intrinsic) {
  const uint64_t bytes = cast<ConstantInt>(intrinsic.getLength())->getZExtValue();
  if (auto* transfer = dyn_cast<MemTransferInst>(&intrinsic))
    collector.add(intrinsic, transfer->getRawSource(), bytes,
                  orOne(transfer->getSourceAlign()), false);
  collector.add(intrinsic, intrinsic.getRawDest(), bytes, orOne(intrinsic.getDestAlign()),
                true);
}

}  // namespace

bool isSmall(const MemIntrinsic& intrinsic, const Options& options) {
  constexpr uint64_t kLargestInline = 32;
  const auto* length = dyn_cast<ConstantInt>(intrinsic.getLength());
  return options.small && length != nullptr && length->getValue().ule(kLargestInline) && !length->isZero() &&
         intrinsic.getDestAddressSpace() == 0;
}

namespace {

/// Whether `value` goes nowhere but to phis of `next`, perhaps as another type (a bool kept as one bit).
bool feedsOnlyPhis(const Value& value, const BasicBlock* next) {
  return llvm::all_of(value.users(), [&](const User* user) {
    if (const auto* phi = dyn_cast<PHINode>(user)) return phi->getParent() == next;
    return isa<CastInst>(user) && !user->use_empty() && feedsOnlyPhis(*user, next);
  });
}

}  // namespace

/// A load that loop-invariant code motion made up: it keeps in a register, across a loop, what the
/// loop reads and writes only under a condition. The program need not have read it at all.
/// With debug information such loads are known by having no line.
bool isSpeculated(const LoadInst& load, const LoopInfo& loops) {
  if (load.getDebugLoc() && load.getDebugLoc().getLine() != 0) return false;
  const BasicBlock* next = load.getParent()->getSingleSuccessor();
  if (next == nullptr || load.use_empty()) return false;
  const Loop* loop = loops.getLoopFor(next);
  if (loop == nullptr || loop->getHeader() != next || loop->contains(&load)) return false;
  if (!feedsOnlyPhis(load, next)) return false;
  for (const User* user : load.getPointerOperand()->users()) {
    const auto* store = dyn_cast<StoreInst>(user);
    if (store != nullptr && store->getPointerOperand() == load.getPointerOperand() &&
        loop->contains(store))
      return true;
  }
  return false;
}

Accesses collectAccesses(Function& function, const Options& options,
                         FunctionAnalysisManager& analyses) {
  const LoopInfo& loops = analyses.getResult<LoopAnalysis>(function);
  Collector collector(function, options);
  SmallPtrSet<const Instruction*, 8> chosen;  // loads that a select stands for
  SmallVector<SelectInst*, 8> selects;
  for (Instruction& instruction : instructions(function))
    if (auto* select = dyn_cast<SelectInst>(&instruction); select != nullptr && options.selects)
      selects.push_back(select);
  for (SelectInst* select : selects) {
    Value* address = chosenAddress(*select);
    if (address == nullptr) continue;
    auto* on_true = cast<LoadInst>(select->getTrueValue());
    auto* on_false = cast<LoadInst>(select->getFalseValue());
    chosen.insert(on_true);
    chosen.insert(on_false);
    collector.add(*select, address, select->getType(),
                  std::min(on_true->getAlign(), on_false->getAlign()), false);
  }
  for (Instruction& instruction : instructions(function)) {
    if (chosen.count(&instruction) != 0) continue;
    if (instruction.isAtomic() || instruction.hasMetadata("nosanitize")) continue;
    if (auto* load = dyn_cast<LoadInst>(&instruction); load != nullptr && !(options.speculated && isSpeculated(*load, loops)))
      collector.add(*load, load->getPointerOperand(), load->getType(), load->getAlign(), false);
    else if (auto* store = dyn_cast<StoreInst>(&instruction))
      collector.add(*store, store->getPointerOperand(), store->getValueOperand()->getType(),
                    store->getAlign(), true);
    else if (auto* intrinsic = dyn_cast<MemIntrinsic>(&instruction); intrinsic != nullptr && isSmall(*intrinsic, options))
      addSmall(collector, *intrinsic);
    else if (auto* call = dyn_cast<CallBase>(&instruction))
      addByValue(collector, *call);
  }
  return collector.take();
}

}  // namespace hindsight
