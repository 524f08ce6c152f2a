// processor_memory.h - what the processor's own vector instructions access, where LLVM keeps them
// as intrinsics of the target: `_mm_lddqu_si128`, `_mm256_maskload_ps`, `_mm256_i32gather_epi32`,
// `vld2q_u8`.
//
// They are known by their names, which both say what they do and are the same in all versions;
// their operands have the same order within each family.
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IntrinsicInst.h"

namespace hindsight {

/// Bytes that an intrinsic of the target accesses whatever its operands are.
struct WholeAccess {
  llvm::Value* pointer;
  uint64_t bytes;
  bool writes;
};

/// What `intrinsic` accesses as a whole; nothing, if it is none of those that do.
llvm::SmallVector<WholeAccess, 2> wholeAccesses(const llvm::IntrinsicInst& intrinsic,
                                                const llvm::DataLayout& layout);

/// A vector instruction that touches those of its lanes that a mask says.
struct MaskedAccess {
  llvm::Value* pointer = nullptr;  // to the first lane, or one for each lane
  llvm::Value* index = nullptr;    // of each lane, `scale` bytes each from `pointer`; or null
  uint64_t scale = 0;
  llvm::Value* mask = nullptr;  // bits, or a vector of numbers whose signs they are
  unsigned lanes = 0;
  uint64_t lane_bytes = 0;
  bool writes = false;
  bool packs = false;  // active lanes are neighbours in memory
};

/// Whether `intrinsic` is an instruction of the target with a mask; describes it.
bool describeProcessorLanes(const llvm::IntrinsicInst& intrinsic, MaskedAccess& access);

}  // namespace hindsight
