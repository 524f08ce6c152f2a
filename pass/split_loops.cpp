// Loops that mostly go round a short way: that way becomes a loop of its own.
//
//   while (p < end) {                      while (p < end) {
//     if (isDull(*p)) { ++p; continue; }     while (isDull(*p)) { if (!(++p < end)) goto out; }
//     work(p);                       ->      work(p);
//   }                                      }
//
// As one loop it synchronises, or advances by another step each time; the inner loop does neither,
// and after_loops.cpp checks what it goes over at once instead of byte by byte.
//
// ALGORITHM: the ways round meet in the latch. The latch, if it is a few instructions, is written
// anew for the blocks from which a value of the loop comes back unchanged (where the last piece of
// work began, say), if no synchronisation lies on the way to them. LoopSimplify then makes two
// loops of the two backedges, by that value.
#include "emit.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

using namespace llvm;

namespace hindsight {
namespace {

constexpr size_t kLargestLatch = 8;

bool isQuiet(const BasicBlock& block, const SyncSummary& sync) {
  return llvm::none_of(block, [&](const Instruction& instruction) {
    return sync.maySynchronise(instruction) || instruction.isVolatile() ||
           (isa<CallBase>(instruction) && (instruction.mayThrow() || !instruction.willReturn()));
  });
}

/// Few plain instructions whose values are needed behind the latch's edges only.
bool canBeDoubled(const BasicBlock& latch) {
  size_t count = 0;
  if (!isa<BranchInst>(latch.getTerminator())) return false;
  for (const Instruction& instruction : latch) {
    if (isa<DbgInfoIntrinsic>(instruction)) continue;
    if (!isa<PHINode>(instruction) && ++count > kLargestLatch) return false;
    if (isa<CallBase>(instruction) || instruction.getType()->isTokenTy()) return false;
    for (const Use& use : instruction.uses()) {
      const auto* user = cast<Instruction>(use.getUser());
      const auto* phi = dyn_cast<PHINode>(user);
      if (phi != nullptr ? phi->getIncomingBlock(use) != &latch : user->getParent() != &latch)
        return false;
    }
  }
  return true;
}

/// Whether some value of the loop comes back unchanged if the latch is entered from `from`.
bool keepsSomething(const Loop& loop, const BasicBlock& latch, const BasicBlock& from) {
  for (const PHINode& phi : loop.getHeader()->phis()) {
    const auto* back = dyn_cast<PHINode>(phi.getIncomingValueForBlock(&latch));
    if (back != nullptr && back->getParent() == &latch &&
        back->getIncomingValueForBlock(&from) == &phi)
      return true;
  }
  return false;
}

/// Whether no block between the loop's header and `end`, both included, synchronises, and one
/// touches memory.
bool isQuietUpTo(const Loop& loop, const BasicBlock& latch, BasicBlock& end,
                 const SyncSummary& sync) {
  SmallPtrSet<BasicBlock*, 16> seen;
  SmallVector<BasicBlock*, 16> open{&end};
  bool has_access = false;
  while (!open.empty()) {
    BasicBlock* block = open.pop_back_val();
    if (!seen.insert(block).second) continue;
    if (block == &latch || !loop.contains(block) || !isQuiet(*block, sync)) return false;
    has_access |= llvm::any_of(*block, [](const Instruction& instruction) {
      return isa<LoadInst>(instruction) || isa<StoreInst>(instruction);
    });
    if (block != loop.getHeader()) append_range(open, predecessors(block));
  }
  return has_access;
}

/// A latch of its own for `from`.
void doubleLatch(BasicBlock& latch, BasicBlock& from) {
  BasicBlock* copy =
      BasicBlock::Create(latch.getContext(), "hindsight.short", latch.getParent(), &latch);
  ValueToValueMapTy values;
  for (PHINode& phi : latch.phis()) values[&phi] = phi.getIncomingValueForBlock(&from);
  for (Instruction& instruction : latch) {
    if (isa<PHINode>(instruction) || isa<DbgInfoIntrinsic>(instruction)) continue;
    Instruction* again = instruction.clone();
    again->setMetadata(LLVMContext::MD_loop, nullptr);
    IRBuilder<>(copy).Insert(again);
    RemapInstruction(again, values, RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
    values[&instruction] = again;
  }
  for (BasicBlock* next : successors(copy))
    for (PHINode& phi : next->phis()) {
      Value* value = phi.getIncomingValueForBlock(&latch);
      const auto mapped = values.find(value);
      phi.addIncoming(mapped == values.end() ? value : static_cast<Value*>(mapped->second), copy);
    }
  from.getTerminator()->replaceSuccessorWith(&latch, copy);
  latch.removePredecessor(&from, /*KeepOneInputPHIs=*/true);
}

bool split(const Loop& loop, const SyncSummary& sync) {
  BasicBlock* latch = loop.getLoopLatch();
  if (latch == nullptr || latch == loop.getHeader() || !canBeDoubled(*latch)) return false;
  SmallVector<BasicBlock*, 4> ways(pred_begin(latch), pred_end(latch));
  if (ways.size() < 2) return false;
  for (BasicBlock* way : ways) {
    auto* branch = dyn_cast<BranchInst>(way->getTerminator());
    if (branch == nullptr || branch->isConditional() || !keepsSomething(loop, *latch, *way) ||
        !isQuietUpTo(loop, *latch, *way, sync))
      continue;
    doubleLatch(*latch, *way);
    return true;  // a second one would have to keep the same value
  }
  return false;
}

}  // namespace

bool splitLoops(Function& function, const SyncSummary& sync, FunctionAnalysisManager& analyses) {
  LoopInfo& loops = analyses.getResult<LoopAnalysis>(function);
  bool changed = false;
  for (Loop* loop : loops.getLoopsInPreorder()) {
    const bool is_quiet = llvm::all_of(
        loop->blocks(), [&](const BasicBlock* block) { return isQuiet(*block, sync); });
    if (!(is_quiet && loop->isInnermost())) changed |= split(*loop, sync);
  }
  return changed;
}

}  // namespace hindsight
