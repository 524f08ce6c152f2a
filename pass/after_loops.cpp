// Loops whose trip count is unknown before they end: what they have gone over is checked then.
//
// ALGORITHM, per innermost loop that neither synchronises nor may be left but by its branches: an
// access that every complete iteration makes and whose address advances by a constant, together
// with those that advance beside it, covers a range without gaps if it is dense (as in ranges.cpp).
// The loop counts its iterations; on every edge out of it the range of the complete iterations, and
// of the part of the last one that came before that edge, is checked as one.
//
// Sound because the thread neither acquires nor releases between access and check, so its clock is
// the same at both and no other thread can have been ordered after the access meanwhile: whatever
// races is found by the check, or by the other thread's after it. Only advancing accesses are
// moved: such a loop ends (one that waits for another thread reads the same place again and again).
// What the check comes too late for: a range that another thread frees and allocates anew between
// the access and the end of the loop, which is a race with the deallocation.
#include <algorithm>
#include <cstdlib>

#include "emit.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Dominators.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

constexpr int64_t kLargestStep = 1 << 16;

/// An access that advances by `step` in each iteration, at `distance` from the first of its group.
struct Moving {
  unsigned index;
  const SCEV* start;
  int64_t step;
  int64_t distance;
  int64_t bytes;
};

/// Bytes [begin, end) from the start of the group's first access, in each iteration.
struct Group {
  std::vector<Moving> members;
  int64_t begin, end;

  int64_t step() const { return members.front().step; }
  int64_t stride() const { return std::llabs(step()); }
  /// Bytes that an iteration shares with the next.
  int64_t overlap() const { return end - begin - stride(); }
};

class AfterLoops {
 public:
  AfterLoops(Function& function, const SyncSummary& sync, FunctionAnalysisManager& analyses)
      : function_(function),
        sync_(sync),
        loops_(analyses.getResult<LoopAnalysis>(function)),
        tree_(analyses.getResult<DominatorTreeAnalysis>(function)),
        evolution_(analyses.getResult<ScalarEvolutionAnalysis>(function)),
        word_(Type::getInt64Ty(function.getContext())) {}

  std::vector<RangeCheck> run(Accesses& accesses) {
    gone_.assign(accesses.size(), false);
    DenseMap<const Loop*, std::vector<unsigned>> by_loop;
    for (unsigned i = 0; i < accesses.size(); ++i)
      if (const Loop* loop = loops_.getLoopFor(accesses[i].instruction->getParent()))
        by_loop[loop].push_back(i);
    for (Loop* loop : loops_.getLoopsInPreorder()) {
      const auto found = by_loop.find(loop);
      if (found != by_loop.end() && isFit(*loop)) move(*loop, accesses, found->second);
    }
    Accesses kept;
    for (size_t i = 0; i < accesses.size(); ++i)
      if (!gone_[i]) kept.push_back(accesses[i]);
    accesses = std::move(kept);
    return std::move(ranges_);
  }

 private:
  bool isFit(const Loop& loop) const {
    if (!loop.isInnermost() || loop.getLoopPreheader() == nullptr || loop.getLoopLatch() == nullptr)
      return false;
    SmallVector<BasicBlock*, 4> leaving;
    loop.getExitingBlocks(leaving);
    if (leaving.empty() || leaving.size() > kMostExits) return false;
    for (const BasicBlock* block : leaving)
      if (!isa<BranchInst>(block->getTerminator())) return false;
    for (BasicBlock* block : loop.blocks())
      for (Instruction& instruction : *block)
        if (sync_.maySynchronise(instruction) || instruction.isVolatile() ||
            (isa<CallBase>(instruction) && (instruction.mayThrow() || !instruction.willReturn())))
          return false;
    return true;
  }

  void move(Loop& loop, const Accesses& accesses, const std::vector<unsigned>& indices) {
    std::vector<Moving> moving;
    for (unsigned index : indices) {
      Moving found;
      if (advances(loop, accesses[index], index, found)) moving.push_back(found);
    }
    while (!moving.empty()) {
      Group group;
      std::vector<Moving> others;
      for (Moving& candidate : moving)
        if (accesses[candidate.index].writes == accesses[moving[0].index].writes &&
            candidate.step == moving[0].step &&
            constantDistance(candidate.start, moving[0].start, candidate.distance))
          group.members.push_back(candidate);
        else
          others.push_back(candidate);
      if (!check(loop, accesses, group) && group.members.size() > 1)
        for (const Moving& member : group.members) {
          Group alone{{member}, 0, 0};
          alone.members[0].distance = 0;
          check(loop, accesses, alone);
        }
      moving = std::move(others);
    }
  }

  bool advances(Loop& loop, const Access& access, unsigned index, Moving& found) {
    if (access.is_volatile ||
        !tree_.dominates(access.instruction->getParent(), loop.getLoopLatch()) ||
        !evolution_.isSCEVable(access.pointer->getType()))
      return false;
    const SCEV* at = evolution_.getPtrToIntExpr(evolution_.getSCEV(access.pointer), word_);
    const auto* recurrence = dyn_cast<SCEVAddRecExpr>(at);
    if (recurrence == nullptr || recurrence->getLoop() != &loop || !recurrence->isAffine())
      return false;
    const auto* step = dyn_cast<SCEVConstant>(recurrence->getStepRecurrence(evolution_));
    if (step == nullptr || step->isZero() || step->getAPInt().getSignificantBits() > 32)
      return false;
    found = {index, recurrence->getStart(), step->getAPInt().getSExtValue(), 0,
             static_cast<int64_t>(access.bytes)};
    return std::llabs(found.step) <= kLargestStep && found.bytes <= kLargestStep;
  }

  bool constantDistance(const SCEV* a, const SCEV* b, int64_t& distance) {
    const auto* constant = dyn_cast<SCEVConstant>(evolution_.getMinusSCEV(a, b));
    if (constant == nullptr || constant->getAPInt().getSignificantBits() > 32) return false;
    distance = constant->getAPInt().getSExtValue();
    return std::llabs(distance) <= kLargestStep;
  }

  /// Bytes that the members chosen by `has` touch in one iteration, if there is no gap between
  /// them.
  template <class Has>
  static bool extent(const Group& group, Has has, int64_t& begin, int64_t& end) {
    std::vector<std::pair<int64_t, int64_t>> pieces;
    for (const Moving& member : group.members)
      if (has(member)) pieces.emplace_back(member.distance, member.distance + member.bytes);
    std::sort(pieces.begin(), pieces.end());
    begin = end = pieces.empty() ? 0 : pieces.front().first;
    for (const auto& [from, to] : pieces) {
      if (from > end) return false;
      end = std::max(end, to);
    }
    return true;
  }

  /// Bytes of the last iteration, touched before the loop is left from `leaving`: counted from the
  /// end that the range grows away from. -1 if they do not begin there or have gaps.
  int64_t partOfLast(const Accesses& accesses, const Group& group,
                     const BasicBlock* leaving) const {
    int64_t begin, end;
    const auto is_done = [&](const Moving& member) {
      return tree_.dominates(accesses[member.index].instruction->getParent(), leaving);
    };
    if (!extent(group, is_done, begin, end)) return -1;
    if (begin == end) return 0;
    if (group.step() > 0 ? begin != group.begin : end != group.end) return -1;
    return end - begin;
  }

  /// Checks the group's range on every way out of the loop, if it is dense.
  bool check(Loop& loop, const Accesses& accesses, Group& group) {
    if (!extent(
            group, [](const Moving&) { return true; }, group.begin, group.end) ||
        group.overlap() < 0)
      return false;
    SmallVector<BasicBlock*, 4> leaving;
    loop.getExitingBlocks(leaving);
    for (const BasicBlock* block : leaving)
      if (partOfLast(accesses, group, block) < 0) return false;
    Instruction* before = loop.getLoopPreheader()->getTerminator();
    SCEVExpander expander(evolution_, function_.getParent()->getDataLayout(), "hindsight");
    const SCEV* start = group.members.front().start;
    if (!canExpand(expander, start, before)) return false;
    Value* first = expander.expandCodeFor(start, word_, before);
    for (BasicBlock* block : leaving)
      checkAt(loop, block, first, group, partOfLast(accesses, group, block),
              accesses[group.members.front().index]);
    for (const Moving& member : group.members) gone_[member.index] = true;
    return true;
  }

  void checkAt(Loop& loop, BasicBlock* leaving, Value* first, const Group& group, int64_t part,
               const Access& access) {
    Value* complete = iterations(loop);
    IRBuilder<> builder(exitFrom(loop, leaving));
    builder.SetCurrentDebugLocation(DebugLoc());
    const auto number = [&](int64_t value) { return ConstantInt::getSigned(word_, value); };
    Value* bytes = builder.CreateAdd(builder.CreateMul(complete, number(group.stride())),
                                     number(std::max(part, group.overlap())));
    if (part < group.overlap())  // nothing to share after no complete iteration
      bytes = builder.CreateSelect(builder.CreateICmpEQ(complete, number(0)), number(part), bytes);
    Value* begin = group.step() > 0
                       ? builder.CreateAdd(first, number(group.begin))
                       : builder.CreateSub(builder.CreateAdd(first, number(group.end)), bytes);
    ranges_.push_back({&*builder.GetInsertPoint(), begin, bytes, nullptr, nullptr, access.writes,
                       access.instruction->getDebugLoc()});
  }

  /// The place where what follows the way out of the loop from `leaving` begins, for this way
  /// alone.
  Instruction* exitFrom(Loop& loop, BasicBlock* leaving) {
    Instruction*& known = exits_[leaving];
    if (known != nullptr) return known;
    BasicBlock* outside = nullptr;
    for (BasicBlock* successor : successors(leaving))
      if (!loop.contains(successor)) outside = successor;
    known = SplitEdge(leaving, outside, &tree_, &loops_)->getTerminator();
    return known;
  }

  /// A value that counts complete iterations: 0 in the first one.
  Value* iterations(Loop& loop) {
    Value*& known = counts_[&loop];
    if (known != nullptr) return known;
    BasicBlock* header = loop.getHeader();
    for (PHINode& phi : header->phis()) {
      if (phi.getType() != word_) continue;
      const auto* recurrence = dyn_cast<SCEVAddRecExpr>(evolution_.getSCEV(&phi));
      if (recurrence != nullptr && recurrence->getLoop() == &loop && recurrence->isAffine() &&
          recurrence->getStart()->isZero() && recurrence->getStepRecurrence(evolution_)->isOne())
        return known = &phi;
    }
    IRBuilder<> builder(&header->front());
    PHINode* count = builder.CreatePHI(word_, 2, "hindsight.iterations");
    builder.SetInsertPoint(loop.getLoopLatch()->getTerminator());
    builder.SetCurrentDebugLocation(DebugLoc());
    Value* next = builder.CreateAdd(count, builder.getInt64(1));
    count->addIncoming(builder.getInt64(0), loop.getLoopPreheader());
    count->addIncoming(next, loop.getLoopLatch());
    return known = count;
  }

  static constexpr size_t kMostExits = 8;  // each gets its own check
  Function& function_;
  const SyncSummary& sync_;
  LoopInfo& loops_;
  DominatorTree& tree_;
  ScalarEvolution& evolution_;
  Type* word_;
  std::vector<bool> gone_;
  std::vector<RangeCheck> ranges_;
  DenseMap<const BasicBlock*, Instruction*> exits_;
  DenseMap<const Loop*, Value*> counts_;
};

}  // namespace

std::vector<RangeCheck> checkAfterLoops(Function& function, Accesses& accesses,
                                        const SyncSummary& sync,
                                        FunctionAnalysisManager& analyses) {
  if (accesses.empty() || analyses.getResult<LoopAnalysis>(function).empty()) return {};
  return AfterLoops(function, sync, analyses).run(accesses);
}

}  // namespace hindsight
