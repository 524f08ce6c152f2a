// Vector instructions that touch only some of their lanes: masked loads and stores, gathers and
// scatters, expanding loads and compressing stores. Which bytes they touch is known at run time, so
// each is preceded by a call that names them.
#include "emit.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

struct MaskedAccess {
  Value* pointer;  // to the first lane, or one for each lane
  Value* mask;
  Type* vector;
  bool writes;
  bool packs;  // active lanes are neighbours in memory
};

bool isMaskVector(const Value* value) {
  const auto* type = dyn_cast<FixedVectorType>(value->getType());
  return type != nullptr && type->getElementType()->isIntegerTy(1);
}

/// The operands, found by their types: their number differs between LLVM versions.
bool describe(const IntrinsicInst& intrinsic, MaskedAccess& access) {
  switch (intrinsic.getIntrinsicID()) {
    case Intrinsic::masked_load:
    case Intrinsic::masked_gather: access.writes = access.packs = false; break;
    case Intrinsic::masked_store:
    case Intrinsic::masked_scatter:
      access.writes = true;
      access.packs = false;
      break;
    case Intrinsic::masked_expandload:
      access.writes = false;
      access.packs = true;
      break;
    case Intrinsic::masked_compressstore: access.writes = access.packs = true; break;
    default: return false;
  }
  access.pointer = access.mask = nullptr;
  access.vector = access.writes ? intrinsic.getArgOperand(0)->getType() : intrinsic.getType();
  const unsigned first =
      access.writes ? 1 : 0;  // a stored value may be a vector of bits or pointers
  for (unsigned i = first; i < intrinsic.arg_size(); ++i) {
    Value* operand = intrinsic.getArgOperand(i);
    if (access.pointer == nullptr && operand->getType()->isPtrOrPtrVectorTy())
      access.pointer = operand;
    else if (access.mask == nullptr && isMaskVector(operand))
      access.mask = operand;
  }
  const auto* vector = dyn_cast<FixedVectorType>(access.vector);
  return access.pointer != nullptr && access.mask != nullptr && vector != nullptr &&
         vector->getNumElements() <= 64 && access.pointer->getType()->getPointerAddressSpace() == 0;
}

class MaskedLowering {
 public:
  explicit MaskedLowering(Abi& abi) : abi_(abi), layout_(abi.module().getDataLayout()) {}

  bool check(IntrinsicInst& intrinsic) {
    MaskedAccess access;
    if (!describe(intrinsic, access)) return false;
    auto* vector = cast<FixedVectorType>(access.vector);
    const TypeSize bits = layout_.getTypeSizeInBits(vector->getElementType());
    if (bits.getKnownMinValue() % 8 != 0) return false;
    IRBuilder<> builder(&intrinsic);
    Value* bytes = builder.getInt64(bits.getKnownMinValue() / 8);
    if (access.pointer->getType()->isVectorTy()) {
      for (unsigned lane = 0; lane < vector->getNumElements(); ++lane)
        call(builder, access, builder.CreateExtractElement(access.pointer, lane),
             builder.CreateZExt(builder.CreateExtractElement(access.mask, lane),
                                builder.getInt64Ty()),
             bytes);
      return true;
    }
    Value* lanes = builder.CreateZExtOrTrunc(
        builder.CreateBitCast(access.mask, builder.getIntNTy(vector->getNumElements())),
        builder.getInt64Ty());
    if (access.packs) {
      // As many lanes from the first on: all bits right of the 64 that are shifted in.
      Value* count = builder.CreateUnaryIntrinsic(Intrinsic::ctpop, lanes);
      Value* none = builder.CreateICmpEQ(count, builder.getInt64(0));
      Value* shift =
          builder.CreateAnd(builder.CreateSub(builder.getInt64(64), count), builder.getInt64(63));
      lanes = builder.CreateSelect(none, builder.getInt64(0),
                                   builder.CreateLShr(builder.getInt64(~0ull), shift));
    }
    call(builder, access, access.pointer, lanes, bytes);
    return true;
  }

 private:
  void call(IRBuilder<>& builder, const MaskedAccess& access, Value* pointer, Value* lanes,
            Value* bytes) {
    Type* word = builder.getInt64Ty();
    FunctionCallee callee = abi_.module().getOrInsertFunction(
        access.writes ? "__hindsight_write_masked" : "__hindsight_read_masked",
        FunctionType::get(builder.getVoidTy(), {word, word, word}, false));
    cast<Function>(callee.getCallee())->addFnAttr(Attribute::NoUnwind);
    CallInst* call =
        builder.CreateCall(callee, {builder.CreatePtrToInt(pointer, word), lanes, bytes});
    call->addFnAttr(Attribute::NoMerge);
  }

  Abi& abi_;
  const DataLayout& layout_;
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
