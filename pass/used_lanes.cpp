// Which lanes of a vector the program has read.
//
// Where a loop reads some members of neighbouring structures, the vectoriser loads all that lies
// between and picks lanes out of that; -fsanitize=thread does not stop it. What lies between is
// none of the program's accesses. Lane by lane operations may come before the picking.
#include "plan.h"
#include "llvm/ADT/APInt.h"
#include "llvm/Analysis/VectorUtils.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace hindsight {
namespace {

/// The number of elements, or 0 if it is no vector of a known number.
unsigned laneCount(const Value& value) {
  const auto* vector = dyn_cast<FixedVectorType>(value.getType());
  return vector == nullptr ? 0 : vector->getNumElements();
}

/// Whether each lane of the result depends on that lane of the operands alone.
bool isLaneByLane(const Instruction& instruction) {
  if (const auto* intrinsic = dyn_cast<IntrinsicInst>(&instruction))
    return isTriviallyVectorizable(intrinsic->getIntrinsicID());
  return isa<BinaryOperator>(instruction) || isa<UnaryOperator>(instruction) ||
         isa<CmpInst>(instruction) || isa<CastInst>(instruction) || isa<SelectInst>(instruction) ||
         isa<FreezeInst>(instruction);
}

class UsedLanes {
 public:
  APInt of(const Value& value) {
    const unsigned lanes = laneCount(value);
    APInt used(lanes, 0);
    for (const Use& use : value.uses()) {
      used |= by(use, lanes);
      if (used.isAllOnes()) break;
    }
    return used;
  }

 private:
  APInt by(const Use& use, unsigned lanes) {
    const auto* user = cast<Instruction>(use.getUser());
    if (steps_ == 0) return APInt::getAllOnes(lanes);
    --steps_;
    if (const auto* shuffle = dyn_cast<ShuffleVectorInst>(user))
      return picked(*shuffle, use.getOperandNo(), lanes);
    if (const auto* extract = dyn_cast<ExtractElementInst>(user)) {
      const auto* index = dyn_cast<ConstantInt>(extract->getIndexOperand());
      if (index != nullptr && index->getValue().ult(lanes))
        return APInt::getOneBitSet(lanes, static_cast<unsigned>(index->getZExtValue()));
    }
    if (isLaneByLane(*user) && laneCount(*user) == lanes) return of(*user);
    return APInt::getAllOnes(lanes);
  }

  APInt picked(const ShuffleVectorInst& shuffle, unsigned operand, unsigned lanes) {
    const APInt wanted = of(shuffle);
    APInt used(lanes, 0);
    const ArrayRef<int> mask = shuffle.getShuffleMask();
    for (unsigned i = 0; i < mask.size(); ++i) {
      const int from = mask[i] - static_cast<int>(operand * lanes);
      if (wanted[i] && mask[i] >= 0 && from >= 0 && from < static_cast<int>(lanes))
        used.setBit(static_cast<unsigned>(from));
    }
    return used;
  }

  unsigned steps_ = 100;  // uses that are looked at; enough for 64 lanes picked one by one
};

}  // namespace

SmallVector<LaneRun, 4> usedLanes(const LoadInst& load, const DataLayout& layout) {
  const unsigned lanes = laneCount(load);
  const uint64_t bytes = layout.getTypeStoreSize(load.getType()).getFixedValue();
  const SmallVector<LaneRun, 4> all = {{0, bytes}};
  if (lanes < 2 || !load.isSimple() || load.use_empty() ||
      layout.getTypeSizeInBits(load.getType()->getScalarType()) * lanes != bytes * 8)
    return all;
  const APInt used = UsedLanes().of(load);
  if (used.isZero()) return all;
  SmallVector<LaneRun, 4> runs;
  for (unsigned i = 0; i < lanes; ++i) {
    if (!used[i]) continue;
    if (i == 0 || !used[i - 1]) runs.push_back({i * (bytes / lanes), 0});
    runs.back().bytes += bytes / lanes;
  }
  return runs;
}

}  // namespace hindsight
