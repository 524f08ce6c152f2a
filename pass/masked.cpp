// Vector instructions that touch only some of their lanes: masked loads and stores, gathers and
// scatters, expanding loads and compressing stores. Which bytes they touch is known at run time, so
// each is preceded by a call that names them. The generic ones of LLVM and those of the target
// (processor_memory.h).
#include "emit.h"
#include "processor_memory.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

bool isMaskVector(const Value* value) {
  const auto* type = dyn_cast<FixedVectorType>(value->getType());
  return type != nullptr && type->getElementType()->isIntegerTy(1);
}

/// The operands, found by their types: their number differs between LLVM versions.
bool describeGeneric(const IntrinsicInst& intrinsic, MaskedAccess& access) {
  switch (intrinsic.getIntrinsicID()) {
    case Intrinsic::masked_load:
    case Intrinsic::masked_gather: break;
    case Intrinsic::masked_store:
    case Intrinsic::masked_scatter: access.writes = true; break;
    case Intrinsic::masked_expandload: access.packs = true; break;
    case Intrinsic::masked_compressstore: access.writes = access.packs = true; break;
    default: return false;
  }
  const unsigned first =
      access.writes ? 1 : 0;  // a stored value may be a vector of bits or pointers
  for (unsigned i = first; i < intrinsic.arg_size(); ++i) {
    Value* operand = intrinsic.getArgOperand(i);
    if (access.pointer == nullptr && operand->getType()->isPtrOrPtrVectorTy())
      access.pointer = operand;
    else if (access.mask == nullptr && isMaskVector(operand))
      access.mask = operand;
  }
  const auto* vector = dyn_cast<FixedVectorType>(
      access.writes ? intrinsic.getArgOperand(0)->getType() : intrinsic.getType());
  if (access.pointer == nullptr || access.mask == nullptr || vector == nullptr) return false;
  const DataLayout& layout = intrinsic.getModule()->getDataLayout();
  const uint64_t bits = layout.getTypeSizeInBits(vector->getElementType()).getKnownMinValue();
  access.lanes = vector->getNumElements();
  access.lane_bytes = bits / 8;
  return bits % 8 == 0;
}

bool describe(const IntrinsicInst& intrinsic, MaskedAccess& access) {
  return (describeGeneric(intrinsic, access) || describeProcessorLanes(intrinsic, access)) &&
         access.lanes <= 64 && access.pointer->getType()->getPointerAddressSpace() == 0;
}

class MaskedLowering {
 public:
  explicit MaskedLowering(Abi& abi) : abi_(abi) {}

  bool check(IntrinsicInst& intrinsic) {
    MaskedAccess access;
    if (!describe(intrinsic, access)) return false;
    IRBuilder<> builder(&intrinsic);
    Value* mask = bitsOf(builder, access);
    if (access.index != nullptr || access.pointer->getType()->isVectorTy()) {
      for (unsigned lane = 0; lane < access.lanes; ++lane)
        call(builder, access, laneAddress(builder, access, lane),
             builder.CreateZExt(builder.CreateExtractElement(mask, lane), builder.getInt64Ty()));
      return true;
    }
    Value* lanes = builder.CreateZExtOrTrunc(
        builder.CreateBitCast(mask, builder.getIntNTy(access.lanes)), builder.getInt64Ty());
    if (access.packs) {
      // As many lanes from the first on: all bits right of the 64 that are shifted in.
      Value* count = builder.CreateUnaryIntrinsic(Intrinsic::ctpop, lanes);
      Value* none = builder.CreateICmpEQ(count, builder.getInt64(0));
      Value* shift =
          builder.CreateAnd(builder.CreateSub(builder.getInt64(64), count), builder.getInt64(63));
      lanes = builder.CreateSelect(none, builder.getInt64(0),
                                   builder.CreateLShr(builder.getInt64(~0ull), shift));
    }
    call(builder, access, builder.CreatePtrToInt(access.pointer, builder.getInt64Ty()), lanes);
    return true;
  }

 private:
  /// The mask as a vector of one bit for each lane. Masks of the processor are numbers that have
  /// such bits, or vectors of numbers, whose signs they are, and may be wider than the access.
  static Value* bitsOf(IRBuilder<>& builder, const MaskedAccess& access) {
    Value* mask = access.mask;
    if (!mask->getType()->isVectorTy()) {
      const unsigned bits = mask->getType()->getPrimitiveSizeInBits().getKnownMinValue();
      const bool is_number = mask->getType()->isIntegerTy();
      Type* part = is_number ? builder.getInt1Ty() : builder.getInt8Ty();  // else of MMX
      mask = builder.CreateBitCast(mask, FixedVectorType::get(part, is_number ? bits : bits / 8));
    }
    auto* type = cast<FixedVectorType>(mask->getType());
    if (!type->getElementType()->isIntegerTy(1)) {
      mask = builder.CreateBitCast(mask, VectorType::getInteger(type));
      mask = builder.CreateICmpSLT(mask, Constant::getNullValue(mask->getType()));
    }
    if (type->getNumElements() == access.lanes) return mask;
    SmallVector<int, 8> first(access.lanes);
    for (unsigned lane = 0; lane < access.lanes; ++lane) first[lane] = static_cast<int>(lane);
    return builder.CreateShuffleVector(mask, PoisonValue::get(mask->getType()), first);
  }

  static Value* laneAddress(IRBuilder<>& builder, const MaskedAccess& access, unsigned lane) {
    Type* word = builder.getInt64Ty();
    if (access.index == nullptr)
      return builder.CreatePtrToInt(builder.CreateExtractElement(access.pointer, lane), word);
    Value* index = builder.CreateSExt(builder.CreateExtractElement(access.index, lane), word);
    return builder.CreateAdd(builder.CreatePtrToInt(access.pointer, word),
                             builder.CreateMul(index, builder.getInt64(access.scale)));
  }

  void call(IRBuilder<>& builder, const MaskedAccess& access, Value* address, Value* lanes) {
    Type* word = builder.getInt64Ty();
    FunctionCallee callee = abi_.module().getOrInsertFunction(
        access.writes ? "__hindsight_write_masked" : "__hindsight_read_masked",
        FunctionType::get(builder.getVoidTy(), {word, word, word}, false));
    cast<Function>(callee.getCallee())->addFnAttr(Attribute::NoUnwind);
    CallInst* call =
        builder.CreateCall(callee, {address, lanes, builder.getInt64(access.lane_bytes)});
    call->addFnAttr(Attribute::NoMerge);
  }

  Abi& abi_;
};

}  // namespace

bool isMasked(const Instruction& instruction) {
  const auto* intrinsic = dyn_cast<IntrinsicInst>(&instruction);
  MaskedAccess access;
  return intrinsic != nullptr && describe(*intrinsic, access);
}

bool checkMasked(Function& function, Abi& abi) {
  SmallVector<IntrinsicInst*, 8> masked;
  for (Instruction& instruction : instructions(function))
    if (auto* intrinsic = dyn_cast<IntrinsicInst>(&instruction)) masked.push_back(intrinsic);
  MaskedLowering lowering(abi);
  bool changed = false;
  for (IntrinsicInst* intrinsic : masked) changed |= lowering.check(*intrinsic);
  return changed;
}

}  // namespace hindsight
