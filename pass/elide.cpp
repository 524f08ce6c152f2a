// Redundant checks: an access needs none if the thread has certainly checked the same bytes, at
// least as strongly, with no release in between.
//
// ALGORITHM. A fact is "bytes [offset, offset + n) from base were checked (as a write)", one for all
// accesses of which that is true, named after the first. Forward data flow over the control-flow
// graph, meet = intersection:
//   a block forgets facts about values defined in it (a loop's next iteration has another value)
//   and all facts at an instruction that may release; each access generates its own fact.
// Acquires may lie between: they only add to what the thread knows (SEMANTICS.md; the cell that
// the earlier check wrote is still the thread's current one).
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"
#include "plan.h"

using namespace llvm;

namespace hindsight {
namespace {

class Availability {
 public:
  Availability(Function& function, const Accesses& accesses, const SyncSummary& sync)
      : accesses_(accesses), sync_(sync) {
    for (unsigned i = 0; i < accesses.size(); ++i) {
      index_[accesses[i].instruction].push_back(i);
      fact_.push_back(factOf(i));
      if (fact_[i] == i) by_base_[accesses[i].base].push_back(i);
    }
    solve(function);
  }

  /// Indices of accesses that a fact covers.
  BitVector redundant() const { return redundant_; }

 private:
  /// The first access that says the same.
  unsigned factOf(unsigned access) const {
    const Access& wanted = accesses_[access];
    const auto found = by_base_.find(wanted.base);
    if (found == by_base_.end()) return access;
    for (unsigned fact : found->second) {
      const Access& known = accesses_[fact];
      if (known.offset == wanted.offset && known.bytes == wanted.bytes &&
          known.writes == wanted.writes)
        return fact;
    }
    return access;
  }

  void forgetDefinitions(const BasicBlock& block, BitVector& facts) const {
    for (const Instruction& instruction : block) {
      const auto found = by_base_.find(&instruction);
      if (found == by_base_.end()) continue;
      for (unsigned fact : found->second) facts.reset(fact);
    }
  }

  bool isCovered(unsigned access, const BitVector& facts) const {
    const Access& wanted = accesses_[access];
    for (unsigned fact : by_base_.find(wanted.base)->second) {
      const Access& known = accesses_[fact];
      if (facts.test(fact) && known.offset <= wanted.offset &&
          known.offset + static_cast<int64_t>(known.bytes) >=
              wanted.offset + static_cast<int64_t>(wanted.bytes) &&
          (known.writes || !wanted.writes))
        return true;
    }
    return false;
  }

  /// Facts at the end of `block`; marks redundant accesses if `mark`.
  BitVector transfer(const BasicBlock& block, BitVector facts, bool mark) {
    forgetDefinitions(block, facts);
    for (const Instruction& instruction : block) {
      const auto found = index_.find(&instruction);
      if (found != index_.end()) {
        for (unsigned access : found->second) {
          if (mark && isCovered(access, facts)) redundant_.set(access);
          facts.set(fact_[access]);
        }
      }
      if (sync_.mayRelease(instruction)) facts.reset();
    }
    return facts;
  }

  BitVector atStart(const BasicBlock& block, const DenseMap<const BasicBlock*, BitVector>& ends) const {
    BitVector facts(accesses_.size(), true);
    if (pred_empty(&block)) facts.reset();
    for (const BasicBlock* predecessor : predecessors(&block)) {
      const auto found = ends.find(predecessor);
      if (found != ends.end()) facts &= found->second;
    }
    return facts;
  }

  void solve(Function& function) {
    redundant_.resize(accesses_.size());
    DenseMap<const BasicBlock*, BitVector> ends;
    const ReversePostOrderTraversal<Function*> order(&function);
    for (bool changed = true; changed;) {
      changed = false;
      for (const BasicBlock* block : order) {
        BitVector end = transfer(*block, atStart(*block, ends), false);
        auto [entry, is_new] = ends.try_emplace(block, end);
        if (is_new || entry->second != end) {
          entry->second = std::move(end);
          changed = true;
        }
      }
    }
    for (const BasicBlock* block : order) transfer(*block, atStart(*block, ends), true);
  }

  const Accesses& accesses_;
  const SyncSummary& sync_;
  DenseMap<const Instruction*, SmallVector<unsigned, 2>> index_;
  DenseMap<const Value*, SmallVector<unsigned, 4>> by_base_;  // facts
  std::vector<unsigned> fact_;  // of each access
  BitVector redundant_;
};

}  // namespace

void elideRedundant(Function& function, Accesses& accesses, const SyncSummary& sync) {
  // Facts are bits, blocks times accesses of them; beyond this size the time is not worth it.
  constexpr size_t kLargest = 4000;
  if (accesses.size() < 2 || accesses.size() > kLargest) return;
  const BitVector redundant = Availability(function, accesses, sync).redundant();
  Accesses kept;
  for (unsigned i = 0; i < accesses.size(); ++i)
    if (!redundant.test(i)) kept.push_back(accesses[i]);
  accesses = std::move(kept);
}

}  // namespace hindsight
