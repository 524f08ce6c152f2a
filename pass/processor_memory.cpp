#include "processor_memory.h"

#include <algorithm>

using namespace llvm;

namespace hindsight {
namespace {

StringRef nameOf(const IntrinsicInst& intrinsic) {
  return intrinsic.getCalledFunction()->getName();
}

uint64_t bytesOf(const Type* type, const DataLayout& layout) {
  return layout.getTypeStoreSize(const_cast<Type*>(type)).getKnownMinValue();
}

/// NEON's `ldN`, `stN`, `ld1xN`, `st1xN`: N vectors, one lane of each (`lane`), or one element for
/// all lanes of each (`ldNr`), which lie one after the other in memory.
SmallVector<WholeAccess, 2> neonAccess(const IntrinsicInst& intrinsic, StringRef name,
                                       const DataLayout& layout) {
  const bool writes = name.consume_front("st");
  if (!writes && !name.consume_front("ld")) return {};
  name.consume_front("1x");
  if (name.empty() || name[0] < '2' || name[0] > '4') return {};
  const auto count = static_cast<uint64_t>(name[0] - '0');
  name = name.drop_front();
  const bool is_element = name.consume_front("lane.") || name.consume_front("r.");
  if (!is_element && !name.consume_front(".")) return {};
  const Type* vector = writes ? intrinsic.getArgOperand(0)->getType()
                              : cast<StructType>(intrinsic.getType())->getElementType(0);
  const Type* part = is_element ? vector->getScalarType() : vector;
  return {
      {intrinsic.getArgOperand(intrinsic.arg_size() - 1), count * bytesOf(part, layout), writes}};
}

/// The access by the operands `pointer` and `mask` to lanes as `vector` has them.
MaskedAccess lanesOf(const IntrinsicInst& intrinsic, unsigned pointer, unsigned mask,
                     const Type* vector, bool writes) {
  MaskedAccess access;
  access.pointer = intrinsic.getArgOperand(pointer);
  access.mask = intrinsic.getArgOperand(mask);
  access.writes = writes;
  if (const auto* lanes = dyn_cast<FixedVectorType>(vector)) {
    access.lanes = lanes->getNumElements();
    access.lane_bytes = lanes->getScalarSizeInBits() / 8;
  } else {
    access.lanes = 8;  // an MMX register
    access.lane_bytes = 1;
  }
  return access;
}

/// Gathers: (rest, base, indices, mask, scale); scatters: (base, mask, indices, values, scale).
/// There may be more indices than values, or fewer.
MaskedAccess indexed(const IntrinsicInst& intrinsic, bool writes) {
  MaskedAccess access = writes
                            ? lanesOf(intrinsic, 0, 1, intrinsic.getArgOperand(3)->getType(), true)
                            : lanesOf(intrinsic, 1, 3, intrinsic.getType(), false);
  access.index = intrinsic.getArgOperand(2);
  access.scale = cast<ConstantInt>(intrinsic.getArgOperand(4))->getZExtValue();
  access.lanes =
      std::min(access.lanes, cast<FixedVectorType>(access.index->getType())->getNumElements());
  return access;
}

/// AVX-512's stores of narrowed lanes, `pmov[s|us].<from><to>.mem.<bits>`: (pointer, vector, mask).
bool describeNarrowing(const IntrinsicInst& intrinsic, StringRef name, MaskedAccess& access) {
  const size_t memory = name.find(".mem.");
  if (memory == StringRef::npos || memory == 0) return false;
  access = lanesOf(intrinsic, 0, 2, intrinsic.getArgOperand(1)->getType(), true);
  const char to = name[memory - 1];
  access.lane_bytes = to == 'b' ? 1 : to == 'w' ? 2 : 4;
  return true;
}

}  // namespace

SmallVector<WholeAccess, 2> wholeAccesses(const IntrinsicInst& intrinsic,
                                          const DataLayout& layout) {
  StringRef name = nameOf(intrinsic);
  if (name.consume_front("llvm.aarch64.neon.")) return neonAccess(intrinsic, name, layout);
  if (!name.consume_front("llvm.x86.")) return {};
  if (name == "sse3.ldu.dq" || name == "avx.ldu.dq.256")
    return {{intrinsic.getArgOperand(0), bytesOf(intrinsic.getType(), layout), false}};
  if (name == "mmx.movnt.dq" || name == "directstore32" || name == "directstore64")
    return {
        {intrinsic.getArgOperand(0), bytesOf(intrinsic.getArgOperand(1)->getType(), layout), true}};
  if (name == "movdir64b")
    return {{intrinsic.getArgOperand(1), 64, false}, {intrinsic.getArgOperand(0), 64, true}};
  return {};
}

bool describeProcessorLanes(const IntrinsicInst& intrinsic, MaskedAccess& access) {
  StringRef name = nameOf(intrinsic);
  if (!name.consume_front("llvm.x86.")) return false;
  if (name == "sse2.maskmov.dqu" || name == "mmx.maskmovq") {
    access = lanesOf(intrinsic, 2, 1, intrinsic.getArgOperand(0)->getType(), true);
    return true;
  }
  if (name.consume_front("avx512.")) {
    name.consume_front("mask.");
    if (name.consume_front("pmov")) return describeNarrowing(intrinsic, name, access);
  } else if (!name.consume_front("avx.") && !name.consume_front("avx2.")) {
    return false;
  }
  if (name.consume_front("maskload.")) {
    access = lanesOf(intrinsic, 0, 1, intrinsic.getType(), false);
    return true;
  }
  if (name.consume_front("maskstore.")) {
    access = lanesOf(intrinsic, 0, 1, intrinsic.getArgOperand(2)->getType(), true);
    return true;
  }
  const bool writes = name.consume_front("scatter");
  if ((!writes && !name.consume_front("gather")) || name.consume_front("pf")) return false;
  access = indexed(intrinsic, writes);
  return true;
}

}  // namespace hindsight
