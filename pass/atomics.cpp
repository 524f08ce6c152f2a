// Atomic instructions and fences become calls: operation, clocks and check are one step there.
#include "emit.h"
#include "plan.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

int orderOf(AtomicOrdering ordering) { return static_cast<int>(toCABI(ordering)); }

class AtomicLowering {
 public:
  explicit AtomicLowering(Abi& abi) : abi_(abi), layout_(abi.module().getDataLayout()) {}

  bool lower(Instruction& instruction) {
    const Value* pointer = pointerOperand(instruction);
    if (pointer != nullptr && pointer->getType()->getPointerAddressSpace() != 0) return false;
    if (auto* load = dyn_cast<LoadInst>(&instruction)) return lowerLoad(*load);
    if (auto* store = dyn_cast<StoreInst>(&instruction)) return lowerStore(*store);
    if (auto* update = dyn_cast<AtomicRMWInst>(&instruction)) return lowerUpdate(*update);
    if (auto* exchange = dyn_cast<AtomicCmpXchgInst>(&instruction)) return lowerExchange(*exchange);
    if (auto* fence = dyn_cast<FenceInst>(&instruction)) return lowerFence(*fence);
    return false;
  }

 private:
  static const Value* pointerOperand(const Instruction& instruction) {
    if (const Value* pointer = getLoadStorePointerOperand(&instruction)) return pointer;
    if (auto* update = dyn_cast<AtomicRMWInst>(&instruction)) return update->getPointerOperand();
    auto* exchange = dyn_cast<AtomicCmpXchgInst>(&instruction);
    return exchange != nullptr ? exchange->getPointerOperand() : nullptr;
  }

  /// The integer of the type's size, or null if there is no such operation.
  IntegerType* integerFor(Type* type) {
    const uint64_t bits = layout_.getTypeStoreSizeInBits(type).getKnownMinValue();
    if (bits < 8 || bits > 128 || (bits & (bits - 1)) != 0) return nullptr;
    return IntegerType::get(type->getContext(), static_cast<unsigned>(bits));
  }

  static Value* toInteger(IRBuilder<>& builder, Value* value, IntegerType* type) {
    return builder.CreateBitOrPointerCast(value, type);
  }
  static Value* fromInteger(IRBuilder<>& builder, Value* value, Type* type) {
    return builder.CreateBitOrPointerCast(value, type);
  }

  Value* call(IRBuilder<>& builder, IntegerType* width, const char* name, Type* result,
              Value* pointer, ArrayRef<Value*> values, ArrayRef<int> orders) {
    SmallVector<Value*, 5> arguments{
        builder.CreateBitCast(pointer, pointerTo(Type::getInt8Ty(width->getContext())))};
    SmallVector<Type*, 5> types{arguments[0]->getType()};
    for (Value* value : values) {
      arguments.push_back(value);
      types.push_back(value->getType());
    }
    for (int order : orders) {
      arguments.push_back(builder.getInt32(static_cast<uint32_t>(order)));
      types.push_back(builder.getInt32Ty());
    }
    const std::string symbol =
        "__hindsight_atomic" + std::to_string(width->getBitWidth()) + "_" + name;
    FunctionCallee callee =
        abi_.module().getOrInsertFunction(symbol, FunctionType::get(result, types, false));
    cast<Function>(callee.getCallee())->addFnAttr(Attribute::NoUnwind);
    return builder.CreateCall(callee, arguments);
  }

  static bool isThreadLocalScope(SyncScope::ID scope) { return scope == SyncScope::SingleThread; }

  bool lowerLoad(LoadInst& load) {
    IntegerType* width = integerFor(load.getType());
    if (!load.isAtomic() || width == nullptr || isThreadLocalScope(load.getSyncScopeID()))
      return false;
    IRBuilder<> builder(&load);
    Value* value = call(builder, width, "load", width, load.getPointerOperand(), {},
                        {orderOf(load.getOrdering())});
    replace(load, fromInteger(builder, value, load.getType()));
    return true;
  }

  bool lowerStore(StoreInst& store) {
    Type* type = store.getValueOperand()->getType();
    IntegerType* width = integerFor(type);
    if (!store.isAtomic() || width == nullptr || isThreadLocalScope(store.getSyncScopeID()))
      return false;
    IRBuilder<> builder(&store);
    call(builder, width, "store", builder.getVoidTy(), store.getPointerOperand(),
         {toInteger(builder, store.getValueOperand(), width)}, {orderOf(store.getOrdering())});
    store.eraseFromParent();
    return true;
  }

  static const char* nameOf(AtomicRMWInst::BinOp operation) {
    switch (operation) {
      case AtomicRMWInst::Xchg: return "exchange";
      case AtomicRMWInst::Add: return "fetch_add";
      case AtomicRMWInst::Sub: return "fetch_sub";
      case AtomicRMWInst::And: return "fetch_and";
      case AtomicRMWInst::Or: return "fetch_or";
      case AtomicRMWInst::Xor: return "fetch_xor";
      case AtomicRMWInst::Nand: return "fetch_nand";
      case AtomicRMWInst::Max: return "fetch_max";
      case AtomicRMWInst::Min: return "fetch_min";
      case AtomicRMWInst::UMax: return "fetch_umax";
      case AtomicRMWInst::UMin: return "fetch_umin";
      default: return nullptr;
    }
  }

  bool lowerUpdate(AtomicRMWInst& update) {
    Type* type = update.getType();
    IntegerType* width = integerFor(type);
    if (width == nullptr || isThreadLocalScope(update.getSyncScopeID())) return false;
    const char* name = nameOf(update.getOperation());
    if (name == nullptr) return lowerToLoop(update, width);
    IRBuilder<> builder(&update);
    Value* old =
        call(builder, width, name, width, update.getPointerOperand(),
             {toInteger(builder, update.getValOperand(), width)}, {orderOf(update.getOrdering())});
    replace(update, fromInteger(builder, old, type));
    return true;
  }

  static Value* combined(IRBuilder<>& builder, AtomicRMWInst& update, Value* old) {
    Value* operand = update.getValOperand();
    switch (update.getOperation()) {
      case AtomicRMWInst::FAdd: return builder.CreateFAdd(old, operand);
      case AtomicRMWInst::FSub: return builder.CreateFSub(old, operand);
#if LLVM_VERSION_MAJOR >= 15
      case AtomicRMWInst::FMax: return builder.CreateMaxNum(old, operand);
      case AtomicRMWInst::FMin: return builder.CreateMinNum(old, operand);
#endif
#if LLVM_VERSION_MAJOR >= 16
      case AtomicRMWInst::UIncWrap: {
        Value* next = builder.CreateAdd(old, ConstantInt::get(old->getType(), 1));
        return builder.CreateSelect(builder.CreateICmpUGE(old, operand),
                                    ConstantInt::get(old->getType(), 0), next);
      }
      case AtomicRMWInst::UDecWrap: {
        Value* next = builder.CreateSub(old, ConstantInt::get(old->getType(), 1));
        Value* wraps =
            builder.CreateOr(builder.CreateIsNull(old), builder.CreateICmpUGT(old, operand));
        return builder.CreateSelect(wraps, operand, next);
      }
#endif
      default: return nullptr;
    }
  }

  /// old = load; do { seen = compare_exchange(old, f(old)) } while (seen != old && (old = seen, 1))
  bool lowerToLoop(AtomicRMWInst& update, IntegerType* width) {
    Type* type = update.getType();
    BasicBlock* before = update.getParent();
    BasicBlock* after = SplitBlock(before, &update);
    BasicBlock* loop =
        BasicBlock::Create(update.getContext(), "hindsight.update", before->getParent(), after);
    before->getTerminator()->eraseFromParent();
    IRBuilder<> builder(before);
    builder.SetCurrentDebugLocation(update.getDebugLoc());
    const int order = orderOf(update.getOrdering());
    Value* first = call(builder, width, "load", width, update.getPointerOperand(), {}, {0});
    builder.CreateBr(loop);
    builder.SetInsertPoint(loop);
    PHINode* expected = builder.CreatePHI(width, 2);
    expected->addIncoming(first, before);
    Value* wanted = combined(builder, update, fromInteger(builder, expected, type));
    if (wanted == nullptr)
      report_fatal_error("hindsight: an atomic operation is not known to this plugin");
    Value* seen = call(builder, width, "compare_exchange", width, update.getPointerOperand(),
                       {expected, toInteger(builder, wanted, width)}, {order, 0});
    expected->addIncoming(seen, loop);
    builder.CreateCondBr(builder.CreateICmpEQ(seen, expected), after, loop);
    builder.SetInsertPoint(&update);
    replace(update, fromInteger(builder, expected, type));
    return true;
  }

  bool lowerExchange(AtomicCmpXchgInst& exchange) {
    Type* type = exchange.getCompareOperand()->getType();
    IntegerType* width = integerFor(type);
    if (width == nullptr || isThreadLocalScope(exchange.getSyncScopeID())) return false;
    IRBuilder<> builder(&exchange);
    Value* expected = toInteger(builder, exchange.getCompareOperand(), width);
    Value* desired = toInteger(builder, exchange.getNewValOperand(), width);
    Value* seen =
        call(builder, width, "compare_exchange", width, exchange.getPointerOperand(),
             {expected, desired},
             {orderOf(exchange.getSuccessOrdering()), orderOf(exchange.getFailureOrdering())});
    Value* result = PoisonValue::get(exchange.getType());
    result = builder.CreateInsertValue(result, fromInteger(builder, seen, type), 0);
    result = builder.CreateInsertValue(result, builder.CreateICmpEQ(seen, expected), 1);
    replace(exchange, result);
    return true;
  }

  bool lowerFence(FenceInst& fence) {
    if (isThreadLocalScope(fence.getSyncScopeID())) return false;
    IRBuilder<> builder(&fence);
    FunctionCallee callee = abi_.module().getOrInsertFunction(
        "__hindsight_atomic_fence", builder.getVoidTy(), builder.getInt32Ty());
    builder.CreateCall(callee,
                       {builder.getInt32(static_cast<uint32_t>(orderOf(fence.getOrdering())))});
    fence.eraseFromParent();
    return true;
  }

  static void replace(Instruction& old, Value* value) {
    old.replaceAllUsesWith(value);
    old.eraseFromParent();
  }

  Abi& abi_;
  const DataLayout& layout_;
};

}  // namespace

bool lowerAtomics(Function& function, Abi& abi) {
  SmallVector<Instruction*, 16> atomics;
  for (Instruction& instruction : instructions(function))
    if (instruction.isAtomic()) atomics.push_back(&instruction);
  AtomicLowering lowering(abi);
  bool changed = false;
  for (Instruction* instruction : atomics) changed |= lowering.lower(*instruction);
  return changed;
}

bool lowerMemoryIntrinsics(Function& function, Abi& abi, const Options& options) {
  SmallVector<MemIntrinsic*, 8> intrinsics;
  for (Instruction& instruction : instructions(function))
    if (auto* intrinsic = dyn_cast<MemIntrinsic>(&instruction)) intrinsics.push_back(intrinsic);
  bool changed = false;
  for (MemIntrinsic* intrinsic : intrinsics) {
    if (intrinsic->getDestAddressSpace() != 0 || isSmall(*intrinsic, options)) continue;
    IRBuilder<> builder(intrinsic);
    Type* pointer = pointerTo(builder.getInt8Ty());
    Type* size = builder.getInt64Ty();
    Value* destination = builder.CreateBitCast(intrinsic->getRawDest(), pointer);
    Value* bytes = builder.CreateZExtOrTrunc(intrinsic->getLength(), size);
    if (auto* set = dyn_cast<MemSetInst>(intrinsic)) {
      FunctionCallee callee = abi.module().getOrInsertFunction(
          "__hindsight_memset",
          FunctionType::get(pointer, {pointer, builder.getInt32Ty(), size}, false));
      builder.CreateCall(
          callee, {destination, builder.CreateZExt(set->getValue(), builder.getInt32Ty()), bytes});
    } else {
      auto* transfer = cast<MemTransferInst>(intrinsic);
      if (transfer->getSourceAddressSpace() != 0) continue;
      FunctionCallee callee = abi.module().getOrInsertFunction(
          isa<MemMoveInst>(intrinsic) ? "__hindsight_memmove" : "__hindsight_memcpy",
          FunctionType::get(pointer, {pointer, pointer, size}, false));
      builder.CreateCall(
          callee, {destination, builder.CreateBitCast(transfer->getRawSource(), pointer), bytes});
    }
    intrinsic->eraseFromParent();
    changed = true;
  }
  return changed;
}

}  // namespace hindsight
