// plan.h - what the pass is going to check in one function.
//
// collect (which instructions touch memory that others may see) -> elide (drop what another check
// covers) -> merge (neighbours into one compare) -> ranges (loops) -> emit.
#pragma once

#include <vector>

#include "options.h"
#include "sync_summary.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Support/Alignment.h"

namespace hindsight {

/// One plain access that needs a check.
struct Access {
  llvm::Instruction* instruction;
  llvm::Value* pointer;
  uint64_t bytes;
  llvm::Align align;
  bool writes;
  bool is_volatile;
  // pointer = base + offset, as far as constants can be stripped.
  llvm::Value* base;
  int64_t offset;
};

/// Whether a check of `strong`, which has the base of `weak`, is one of that, too.
inline bool covers(const Access& strong, const Access& weak) {
  return (strong.writes || !weak.writes) && strong.offset <= weak.offset &&
         strong.offset + static_cast<int64_t>(strong.bytes) >=
             weak.offset + static_cast<int64_t>(weak.bytes);
}

/// One inline test: bytes [offset, offset + bytes) from `pointer`, before `where`.
struct Check {
  llvm::Instruction* where;
  llvm::Value* base;  // offset is relative to it
  int64_t offset;
  uint64_t bytes;
  llvm::Align align;  // of base + offset
  bool writes;
  llvm::SmallVector<Access, 2> parts;  // what it stands for, each with its own line
};

using Accesses = std::vector<Access>;
using Checks = std::vector<Check>;

/// All plain accesses of `function` to memory that other threads could reach.
Accesses collectAccesses(llvm::Function& function, const SyncSummary& sync, const Options& options,
                         llvm::FunctionAnalysisManager& analyses);

/// Bytes [offset, offset + bytes) of what is loaded.
struct LaneRun {
  uint64_t offset, bytes;
};

/// What `load` reads whose values are used for anything. Whole lanes of a vector; all of it, if it
/// is none, if that is not known, or if nothing is used.
llvm::SmallVector<LaneRun, 4> usedLanes(const llvm::LoadInst& load, const llvm::DataLayout& layout);

/// A copy or fill that the compiler will lay out as a few moves: checked like loads and stores.
/// All others become calls of the runtime, which checks and does them.
bool isSmall(const llvm::MemIntrinsic& intrinsic, const Options& options);

/// Removes accesses that an earlier check covers on every path with no release in between, or a
/// later one with neither release nor acquire.
void elideRedundant(llvm::Function& function, Accesses& accesses, const SyncSummary& sync,
                    const Options& options);

/// One check per access, neighbours of a block merged where no synchronisation lies between.
Checks mergeAccesses(const Accesses& accesses, const SyncSummary& sync, const Options& options);

}  // namespace hindsight
