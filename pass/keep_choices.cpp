// Keeps the optimiser from reading both of two places between which the program chooses.
//
// InstCombine makes `load (select c, @a, @b)` into `select c, (load @a), (load @b)` where both are
// known to be there, and SROA does the same where one is a local; -fsanitize=thread, which stops
// others that speculate, does not stop these. Once that is done, the reads leave loops, become
// vectors, and lose the select, and what the program reads cannot be told any more. Both leave
// volatile accesses as they are. So the loads of addresses with several origins are volatile while
// one of the two passes runs, and no longer. That goes by callbacks around the passes, since the
// pipeline has no place in front of them.
//
// Copies are not, since both make loads and stores of them, which could not be told from volatile
// ones of the program's. There the address comes out of an assembler statement, which is there as
// long and does nothing: nobody knows where it comes from. The same keeps InstCombine from making
// a masked load of memory that is known to be there into a load of all lanes.
#include <memory>
#include <utility>

#include "early.h"
#include "kept_loads.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/IR/ValueHandle.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

bool isVolatile(const Instruction& instruction) {
  if (const auto* load = dyn_cast<LoadInst>(&instruction)) return load->isVolatile();
  if (const auto* store = dyn_cast<StoreInst>(&instruction)) return store->isVolatile();
  const auto* intrinsic = dyn_cast<MemIntrinsic>(&instruction);
  return intrinsic != nullptr && intrinsic->isVolatile();
}

/// Where addresses come from, through selects and phis, and through locals that keep an address
/// (which SROA takes apart before it looks at what the address is used for). Two constant offsets
/// from one object are two origins; what is computed from one, whatever the offset, is that one.
class Origins {
 public:
  explicit Origins(const DataLayout& layout) : layout_(layout) {}

  /// Whether `pointer` has several origins, of which one is known to be memory and known to others.
  bool isChoice(const Value& pointer) {
    seen_.clear();
    origins_.clear();
    has_shared_ = false;
    return collect(pointer) && origins_.size() > 1 && has_shared_;
  }

 private:
  static constexpr unsigned kMost = 64;
  static constexpr int64_t kUnknown = INT64_MIN;

  /// False if there are too many.
  bool collect(const Value& from) {
    SmallVector<const Value*, 8> todo{&from};
    while (!todo.empty()) {
      int64_t offset = 0;
      const Value* value = stripOffsets(todo.pop_back_val(), offset);
      if (isa<SelectInst>(value) || isa<PHINode>(value) || isa<LoadInst>(value)) offset = 0;
      if (!seen_.insert({value, offset}).second) continue;
      if (seen_.size() > kMost) return false;
      if (const auto* select = dyn_cast<SelectInst>(value)) {
        todo.push_back(select->getTrueValue());
        todo.push_back(select->getFalseValue());
      } else if (const auto* phi = dyn_cast<PHINode>(value)) {
        todo.append(phi->op_begin(), phi->op_end());
      } else if (!appendKept(value, todo)) {
        addOrigin(value, offset);
      }
    }
    return true;
  }

  /// What `pointer` is computed from, at a constant `offset`; kUnknown if that is not known.
  const Value* stripOffsets(const Value* pointer, int64_t& offset) const {
    APInt constant(layout_.getIndexTypeSizeInBits(pointer->getType()), 0);
    const Value* value = pointer->stripAndAccumulateConstantOffsets(layout_, constant, true);
    offset = constant.getSExtValue();
    while (const auto* varying = dyn_cast<GEPOperator>(value)) {
      value = varying->getPointerOperand()->stripInBoundsOffsets();
      offset = kUnknown;
    }
    return value;
  }

  /// Appends what `value` may be if it is read from a local variable that nobody points to.
  static bool appendKept(const Value* value, SmallVectorImpl<const Value*>& todo) {
    const auto* load = dyn_cast<LoadInst>(value);
    const auto* local = load == nullptr ? nullptr : dyn_cast<AllocaInst>(load->getPointerOperand());
    if (local == nullptr) return false;
    SmallVector<const Value*, 4> kept;
    for (const User* user : local->users()) {
      const auto* store = dyn_cast<StoreInst>(user);
      const bool marks_life =
          (isa<BitCastInst>(user) && onlyUsedByLifetimeMarkers(user)) || isLifetimeMark(*user);
      if (store != nullptr && store->getPointerOperand() == local &&
          store->getValueOperand()->getType() == load->getType())
        kept.push_back(store->getValueOperand());
      else if (!isa<LoadInst>(user) && !marks_life)
        return false;
    }
    todo.append(kept.begin(), kept.end());
    return true;
  }

  static bool isLifetimeMark(const User& user) {
    const auto* intrinsic = dyn_cast<IntrinsicInst>(&user);
    return intrinsic != nullptr && intrinsic->isLifetimeStartOrEnd();
  }

  void addOrigin(const Value* origin, int64_t offset) {
    if (isa<UndefValue>(origin) || !origins_.insert({origin, offset}).second) return;
    if (isa<AllocaInst>(origin)) return;
    bool can_be_null = false, can_be_freed = false;
    has_shared_ |= origin->getPointerDereferenceableBytes(layout_, can_be_null, can_be_freed) != 0;
  }

  const DataLayout& layout_;
  SmallSet<std::pair<const Value*, int64_t>, 16> seen_, origins_;
  bool has_shared_ = false;
};

/// One pass over one function.
class Keeper {
 public:
  void before(StringRef pass, Function& function) {
    changed_ = has_own_ = false;
    const bool combines = pass == "InstCombinePass";
    if ((!combines && pass != "SROAPass" && pass != "SROA") ||
        !function.hasFnAttribute(Attribute::SanitizeThread))
      return;
    SmallVector<LoadInst*, 8> chosen;
    SmallVector<Use*, 4> unknown;
    Origins origins(function.getParent()->getDataLayout());
    for (Instruction& instruction : instructions(function)) {
      auto* load = dyn_cast<LoadInst>(&instruction);
      auto* copy = dyn_cast<MemTransferInst>(&instruction);
      auto* intrinsic = combines ? dyn_cast<IntrinsicInst>(&instruction) : nullptr;
      if (intrinsic != nullptr && intrinsic->getIntrinsicID() == Intrinsic::masked_load)
        unknown.push_back(&intrinsic->getArgOperandUse(0));
      if (isVolatile(instruction))
        has_own_ = true;
      else if (load != nullptr && load->isSimple() && origins.isChoice(*load->getPointerOperand()))
        chosen.push_back(load);
      else if (copy != nullptr && isa<ConstantInt>(copy->getLength()) &&
               origins.isChoice(*copy->getRawSource()))
        unknown.push_back(&copy->getRawSourceUse());
    }
    for (LoadInst* load : chosen) setVolatile(*load, true);
    changed_ = !chosen.empty();
    for (Use* address : unknown) hide(*address);
  }

  void after(Function& function) {
    for (const WeakVH& value : hidden_) {
      auto* call = cast_or_null<CallInst>(static_cast<Value*>(value));
      if (call == nullptr) continue;
      call->replaceAllUsesWith(call->getArgOperand(0));
      call->eraseFromParent();
    }
    hidden_.clear();
    if (!changed_) return;
    changed_ = false;
    for (Instruction& instruction : instructions(function)) {
      auto* load = dyn_cast<LoadInst>(&instruction);
      if (load != nullptr && load->isVolatile() &&
          (!has_own_ || load->getMetadata(kMark) != nullptr))
        setVolatile(*load, false);
    }
  }

 private:
  /// Until `after`.
  void hide(Use& address) {
    Type* const kind = address->getType();
    auto* type = FunctionType::get(kind, {kind}, false);
    auto* nothing = InlineAsm::get(type, "", "=r,0", /*hasSideEffects=*/false);
    auto* const user = cast<Instruction>(address.getUser());
    CallInst* const call = IRBuilder<>(user).CreateCall(type, nothing, {address.get()});
    call->setDoesNotAccessMemory();
    call->setDoesNotThrow();
    call->addFnAttr(Attribute::WillReturn);
    address.set(call);
    hidden_.emplace_back(call);
  }

  SmallVector<WeakVH, 4> hidden_;  // addresses of masked loads and of copies
  bool has_own_ = false;           // the function has volatile accesses of the program's
  bool changed_ = false;
};

}  // namespace

void keepChoices(PassInstrumentationCallbacks& callbacks) {
  auto keeper = std::make_shared<Keeper>();
  callbacks.registerBeforeNonSkippedPassCallback([keeper](StringRef pass, const Any& unit) {
    if (Function* function = unitOf<Function>(unit)) keeper->before(pass, *function);
  });
  callbacks.registerAfterPassCallback(
      [keeper](StringRef, const Any& unit, const PreservedAnalyses&) {
        if (Function* function = unitOf<Function>(unit)) keeper->after(*function);
      });
}

}  // namespace hindsight
