// Loops: the accesses of all iterations checked once, before the loop, as one range.
//
// ALGORITHM, per innermost loop and outwards: in a loop that runs a known number of times, leaves
// only at its latch and neither synchronises nor may be left in between, an access whose address
// advances by its own size each iteration covers [start, start + size * count) without gaps.
// Accesses that advance together (unrolled or vectorised loops) are joined first if their union is
// dense. The range then counts as an access of the preheader, and may be joined again in the next
// loop outwards; one that each iteration of that loop repeats moves out of it as it is.
//
// Sound because nothing between preheader and exit acquires or releases: the thread's clock is
// the same for all these accesses, so the moment of the check does not matter. Not dense, unknown
// count, early exit, a call: the access keeps its own check.
#include <algorithm>
#include <cstdlib>

#include "emit.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/PostDominators.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

/// Bytes [begin, begin + bytes) touched by one execution of `block`.
struct Span {
  BasicBlock* block;
  const SCEV* begin;  // i64
  const SCEV* bytes;  // i64, invariant in every loop around `block` it has to be
  bool writes;
  bool is_range;  // of a preheader already, no longer an access of its own block
  DebugLoc line;
  SmallVector<unsigned, 4> members;  // indices of the accesses it stands for
  const SCEV* stride = nullptr;      // i64: `rows` such spans, this far apart
  const SCEV* rows = nullptr;
  SmallVector<std::pair<Value*, bool>, 2> guards;  // touched only if these have these values
};

class Coalescer {
 public:
  Coalescer(Function& function, const SyncSummary& sync, const Options& options,
            FunctionAnalysisManager& analyses)
      : function_(function),
        sync_(sync),
        options_(options),
        loops_(analyses.getResult<LoopAnalysis>(function)),
        tree_(analyses.getResult<DominatorTreeAnalysis>(function)),
        exits_(analyses.getResult<PostDominatorTreeAnalysis>(function)),
        evolution_(analyses.getResult<ScalarEvolutionAnalysis>(function)),
        word_(Type::getInt64Ty(function.getContext())) {}

  std::vector<RangeCheck> run(Accesses& accesses) {
    for (unsigned i = 0; i < accesses.size(); ++i) addSpan(accesses[i], i);
    for (Loop* loop : loops_.getLoopsInPreorder()) order_.push_back(loop);
    std::reverse(order_.begin(), order_.end());  // inner loops first
    for (Loop* loop : order_)
      if (isPlain(*loop)) coalesce(*loop);
    return expand(accesses);
  }

 private:
  void addSpan(const Access& access, unsigned index) {
    if (loops_.getLoopFor(access.instruction->getParent()) == nullptr) return;
    if (!evolution_.isSCEVable(access.pointer->getType())) return;
    const SCEV* begin = evolution_.getPtrToIntExpr(evolution_.getSCEV(access.pointer), word_);
    if (isa<SCEVCouldNotCompute>(begin)) return;
    spans_.push_back({access.instruction->getParent(),
                      begin,
                      evolution_.getConstant(word_, access.bytes),
                      access.writes,
                      false,
                      access.instruction->getDebugLoc(),
                      {index},
                      nullptr,
                      nullptr,
                      {}});
  }

  /// A preheader, one exit, at the latch, a known count, and no way out or synchronisation inside.
  bool isPlain(Loop& loop) {
    if (loop.getLoopPreheader() == nullptr || loop.getLoopLatch() == nullptr ||
        loop.getExitingBlock() != loop.getLoopLatch())
      return false;
    const SCEV* backedges = evolution_.getBackedgeTakenCount(&loop);
    if (isa<SCEVCouldNotCompute>(backedges)) return false;
    for (BasicBlock* block : loop.blocks())
      for (Instruction& instruction : *block)
        // A loop inside that waits for a volatile variable may never let the next iteration begin.
        if (sync_.maySynchronise(instruction) || instruction.isVolatile() ||
            (isa<CallBase>(instruction) && (instruction.mayThrow() || !instruction.willReturn())))
          return false;
    return true;
  }

  const SCEV* iterations(Loop& loop) {
    const SCEV* backedges = evolution_.getBackedgeTakenCount(&loop);
    const unsigned bits = static_cast<unsigned>(evolution_.getTypeSizeInBits(backedges->getType()));
    if (bits > 64) return nullptr;
    return evolution_.getAddExpr(evolution_.getNoopOrZeroExtend(backedges, word_),
                                 evolution_.getOne(word_));
  }

  struct Moving {
    Span* span;
    const SCEV* start;  // in the first iteration
    const SCEV* step;
  };

  bool holdsStill(Loop& loop, Value* condition) {
    bool changed = false;
    return loop.makeLoopInvariant(condition, changed);
  }

  /// Whether the span is executed in every iteration, exactly once, or in none because conditions
  /// that the loop does not change say so (`columns > 0`); those become its guards.
  bool isInEachIteration(Loop& loop, Span& span) {
    if (loops_.getLoopFor(span.block) != &loop) return false;
    for (const auto& guard : span.guards)
      if (!holdsStill(loop, guard.first)) return false;
    auto guards = span.guards;
    for (BasicBlock* at = span.block; !tree_.dominates(at, loop.getLoopLatch());) {
      BasicBlock* above = tree_.getNode(at)->getIDom()->getBlock();
      if (!exits_.dominates(at, above)) {
        // Single accesses stay under their condition: there is little to win.
        if (!span.is_range || at->getSinglePredecessor() != above) return false;
        auto* branch = dyn_cast<BranchInst>(above->getTerminator());
        if (branch == nullptr || !branch->isConditional() ||
            !holdsStill(loop, branch->getCondition()))
          return false;
        guards.emplace_back(branch->getCondition(), branch->getSuccessor(0) == at);
      }
      at = above;
    }
    span.guards = guards;
    return true;
  }

  bool isInvariant(Loop& loop, const Span& span) {
    return evolution_.isLoopInvariant(span.bytes, &loop) &&
           (span.rows == nullptr || (evolution_.isLoopInvariant(span.rows, &loop) &&
                                     evolution_.isLoopInvariant(span.stride, &loop)));
  }

  /// Moves a range that each iteration goes over anew (a matrix that stays put) out of the loop.
  bool hoist(Loop& loop, Span& span) {
    if (!evolution_.isLoopInvariant(span.begin, &loop) || !isInvariant(loop, span)) return false;
    Instruction* where = loop.getLoopPreheader()->getTerminator();
    SCEVExpander expander(evolution_, function_.getParent()->getDataLayout(), "hindsight");
    for (const SCEV* part : {span.begin, span.bytes, span.stride, span.rows})
      if (part != nullptr && !canExpand(expander, part, where)) return false;
    if (!isInEachIteration(loop, span)) return false;
    span.block = loop.getLoopPreheader();
    return true;
  }

  bool advance(Loop& loop, Span& span, Moving& moving) {
    const auto* recurrence = dyn_cast<SCEVAddRecExpr>(span.begin);
    if (recurrence == nullptr || recurrence->getLoop() != &loop || !recurrence->isAffine())
      return false;
    if (span.rows != nullptr || !isInvariant(loop, span)) return false;
    if (!isInEachIteration(loop, span)) return false;
    moving = {&span, recurrence->getStart(), recurrence->getStepRecurrence(evolution_)};
    return evolution_.isLoopInvariant(moving.step, &loop);
  }

  void coalesce(Loop& loop) {
    const SCEV* count = iterations(loop);
    if (count == nullptr) return;
    std::vector<Moving> moving;
    for (Span& span : spans_) {
      Moving found;
      if (span.is_range && !options_.nests) continue;
      if (span.block != nullptr && span.is_range && loop.contains(span.block) && hoist(loop, span))
        continue;
      if (span.block != nullptr && loop.contains(span.block) && advance(loop, span, found))
        moving.push_back(found);
    }
    while (!moving.empty()) {
      // Those with the same kind and step, at constant distances from the first.
      std::vector<Moving> together, others;
      std::vector<int64_t> offsets;
      for (const Moving& candidate : moving) {
        int64_t distance = 0;
        if (candidate.span->writes == moving[0].span->writes && candidate.step == moving[0].step &&
            candidate.span->guards == moving[0].span->guards &&
            constantDistance(candidate.start, moving[0].start, distance)) {
          together.push_back(candidate);
          offsets.push_back(distance);
        } else {
          others.push_back(candidate);
        }
      }
      if (!join(loop, count, together, offsets))
        for (const Moving& alone : together)
          if (alone.span->is_range) layRows(loop, count, alone);
      moving = std::move(others);
    }
  }

  bool constantDistance(const SCEV* a, const SCEV* b, int64_t& distance) {
    const auto* constant = dyn_cast<SCEVConstant>(evolution_.getMinusSCEV(a, b));
    if (constant == nullptr) return false;
    distance = constant->getAPInt().getSExtValue();
    return std::llabs(distance) < (1 << 20);
  }

  /// Joins spans that advance by `step` together into one span of the preheader, if dense.
  bool join(Loop& loop, const SCEV* count, std::vector<Moving>& group,
            const std::vector<int64_t>& offsets) {
    const SCEV* step = group[0].step;
    if (group.size() == 1) {
      // Sizes need not be constant here: inner ranges whose size is the outer stride.
      if (group[0].span->bytes == step) return replace(loop, group, group[0].start, step, count);
      const SCEV* negated = evolution_.getNegativeSCEV(step);
      if (group[0].span->bytes == negated)
        return replace(loop, group, lastStart(group[0].start, step, count), negated, count);
    }
    const auto* constant_step = dyn_cast<SCEVConstant>(step);
    if (constant_step == nullptr) return false;
    const int64_t stride = constant_step->getAPInt().getSExtValue();
    if (stride == 0 || std::llabs(stride) > (1 << 20)) return false;
    std::vector<std::pair<int64_t, int64_t>> pieces;  // begin, end
    for (size_t i = 0; i < group.size(); ++i) {
      const auto* bytes = dyn_cast<SCEVConstant>(group[i].span->bytes);
      if (bytes == nullptr) return false;
      pieces.emplace_back(offsets[i], offsets[i] + bytes->getAPInt().getSExtValue());
    }
    std::sort(pieces.begin(), pieces.end());
    int64_t end = pieces.front().second;
    for (const auto& piece : pieces) {
      if (piece.first > end) return false;  // a gap
      end = std::max(end, piece.second);
    }
    const int64_t begin = pieces.front().first;
    if (end - begin < std::llabs(stride)) return false;  // a gap between iterations
    const SCEV* start = evolution_.getAddExpr(
        group[0].start, evolution_.getConstant(word_, static_cast<uint64_t>(begin), true));
    const SCEV* per_iteration =
        evolution_.getConstant(word_, static_cast<uint64_t>(std::llabs(stride)));
    const uint64_t overlap = static_cast<uint64_t>(end - begin - std::llabs(stride));
    if (stride < 0) start = lastStart(start, step, count);
    return replace(loop, group, start, per_iteration, count, overlap);
  }

  const SCEV* lastStart(const SCEV* start, const SCEV* step, const SCEV* count) {
    const SCEV* backedges = evolution_.getMinusSCEV(count, evolution_.getOne(word_));
    return evolution_.getAddExpr(start, evolution_.getMulExpr(step, backedges));
  }

  /// Rows of equal size with gaps between them, or that only meet by chance.
  void layRows(Loop& loop, const SCEV* count, const Moving& moving) {
    Instruction* where = loop.getLoopPreheader()->getTerminator();
    SCEVExpander expander(evolution_, function_.getParent()->getDataLayout(), "hindsight");
    for (const SCEV* part : {moving.start, moving.span->bytes, moving.step, count})
      if (!canExpand(expander, part, where)) return;
    moving.span->block = loop.getLoopPreheader();
    moving.span->begin = moving.start;
    moving.span->stride = moving.step;
    moving.span->rows = count;
  }

  bool replace(Loop& loop, std::vector<Moving>& group, const SCEV* start, const SCEV* per_iteration,
               const SCEV* count, uint64_t overlap = 0) {
    const SCEV* bytes = evolution_.getMulExpr(per_iteration, count);
    if (overlap != 0) bytes = evolution_.getAddExpr(bytes, evolution_.getConstant(word_, overlap));
    Instruction* where = loop.getLoopPreheader()->getTerminator();
    SCEVExpander expander(evolution_, function_.getParent()->getDataLayout(), "hindsight");
    if (!canExpand(expander, start, where) || !canExpand(expander, bytes, where)) return false;
    Span& first = *group[0].span;
    for (size_t i = 1; i < group.size(); ++i) {
      Span& other = *group[i].span;
      first.members.append(other.members.begin(), other.members.end());
      other.block = nullptr;
    }
    first.block = loop.getLoopPreheader();
    first.begin = start;
    first.bytes = bytes;
    first.is_range = true;
    return true;
  }

  /// No bytes if a guard does not hold. An inner guard may be poison then: outer ones come first.
  Value* guarded(const Span& span, Value* bytes, Instruction* where) {
    if (span.guards.empty()) return bytes;
    IRBuilder<> builder(where);
    Value* holds = builder.getTrue();
    for (const auto& [condition, wanted] : reverse(span.guards))
      holds = builder.CreateLogicalAnd(holds, wanted ? condition : builder.CreateNot(condition));
    return builder.CreateFreeze(builder.CreateSelect(holds, bytes, builder.getInt64(0)));
  }

  std::vector<RangeCheck> expand(Accesses& accesses) {
    std::vector<RangeCheck> ranges;
    std::vector<bool> gone(accesses.size(), false);
    SCEVExpander expander(evolution_, function_.getParent()->getDataLayout(), "hindsight");
    for (Span& span : spans_) {
      if (span.block == nullptr || !span.is_range) continue;
      Instruction* where = span.block->getTerminator();
      Value* begin = expander.expandCodeFor(span.begin, word_, where);
      Value* bytes = guarded(span, expander.expandCodeFor(span.bytes, word_, where), where);
      Value *stride = nullptr, *rows = nullptr;
      if (span.rows != nullptr) {
        stride = expander.expandCodeFor(span.stride, word_, where);
        rows = expander.expandCodeFor(span.rows, word_, where);
      }
      ranges.push_back({where, begin, bytes, stride, rows, span.writes, span.line});
      for (unsigned member : span.members) gone[member] = true;
    }
    Accesses kept;
    for (size_t i = 0; i < accesses.size(); ++i)
      if (!gone[i]) kept.push_back(accesses[i]);
    accesses = std::move(kept);
    return ranges;
  }

  Function& function_;
  const SyncSummary& sync_;
  const Options& options_;
  LoopInfo& loops_;
  DominatorTree& tree_;
  PostDominatorTree& exits_;
  ScalarEvolution& evolution_;
  Type* word_;
  std::vector<Span> spans_;
  std::vector<Loop*> order_;
};

}  // namespace

std::vector<RangeCheck> coalesceLoops(Function& function, Accesses& accesses,
                                      const SyncSummary& sync, const Options& options,
                                      FunctionAnalysisManager& analyses) {
  if (analyses.getResult<LoopAnalysis>(function).empty()) return {};
  return Coalescer(function, sync, options, analyses).run(accesses);
}

}  // namespace hindsight
