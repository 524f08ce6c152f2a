// Redundant checks: an access needs none if the thread has certainly checked the same bytes, at
// least as strongly, with no release in between.
//
// ALGORITHM. A fact is "bytes [offset, offset + n) from base were checked (as a write)", one for
// all accesses of which that is true, named after the first. Forward data flow over the
// control-flow graph, meet = intersection:
//   a block forgets facts about values defined in it (a loop's next iteration has another value)
//   and all facts at an instruction that may release; each access generates its own fact.
// Acquires may lie between: they only add to what the thread knows (SEMANTICS.md; the cell that
// the earlier check wrote is still the thread's current one). So may relaxed stores, but a plain
// write to the same object behind one is no repetition: it ends the clock that a release fence has
// let the store leave there.
//
// And backward: an access needs no check either if the thread certainly goes on to one that covers
// it, with neither release nor acquire nor a way out in between (merge.cpp does that within a
// block). A fact then is "will be checked"; edges that lead back carry none, so that no loop, which
// might never end, lies in between.
#include "plan.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace hindsight {
namespace {

/// The accesses of a function as facts.
class Facts {
 public:
  explicit Facts(const Accesses& accesses)
      : accesses_(accesses), size_(static_cast<unsigned>(accesses.size())) {
    for (unsigned i = 0; i < accesses.size(); ++i) {
      index_[accesses[i].instruction].push_back(i);
      auto& known = by_base_[accesses[i].base];
      const auto same = llvm::find_if(known, [&](unsigned fact) {
        return covers(accesses[fact], accesses[i]) && covers(accesses[i], accesses[fact]);
      });
      fact_.push_back(same == known.end() ? i : *same);
      if (same == known.end()) known.push_back(i);
    }
    covered_.resize(size_);
    for (const auto& [base, known] : by_base_)
      for (unsigned strong : known)
        for (unsigned weak : known)
          if (covers(accesses[strong], accesses[weak])) covered_[strong].push_back(weak);
  }

  unsigned size() const { return size_; }
  /// Indices of the accesses that `instruction` makes, in their order.
  ArrayRef<unsigned> accessesOf(const Instruction& instruction) const {
    const auto found = index_.find(&instruction);
    return found == index_.end() ? ArrayRef<unsigned>() : ArrayRef<unsigned>(found->second);
  }
  bool holds(const BitVector& facts, unsigned access) const { return facts.test(fact_[access]); }
  /// A check of `access` says this, and of all that it covers.
  void add(BitVector& facts, unsigned access) const {
    for (unsigned fact : covered_[fact_[access]]) facts.set(fact);
  }
  void forgetDefinitions(const BasicBlock& block, BitVector& facts) const {
    for (const Instruction& instruction : block) {
      const auto found = by_base_.find(&instruction);
      if (found == by_base_.end()) continue;
      for (unsigned fact : found->second) facts.reset(fact);
    }
  }
  /// What an atomic store leaves of facts about writes: those about other objects than its own, as
  /// far as can be seen, or none if a call may store anywhere.
  void forgetWrites(const Instruction& store, const DataLayout& layout, BitVector& facts) const {
    const auto [pointer, bytes] = storedBy(store, layout);
    int64_t offset = 0;
    const Value* const base =
        pointer == nullptr ? nullptr : GetPointerBaseWithConstantOffset(pointer, offset, layout);
    for (int fact = facts.find_first(); fact != -1;
         fact = facts.find_next(static_cast<unsigned>(fact))) {
      const Access& access = accesses_[static_cast<unsigned>(fact)];
      if (access.writes &&
          (base == nullptr || (access.base == base && access.offset < offset + bytes &&
                               offset < access.offset + static_cast<int64_t>(access.bytes))))
        facts.reset(static_cast<unsigned>(fact));
    }
  }

 private:
  /// Null for a call.
  static std::pair<const Value*, int64_t> storedBy(const Instruction& store,
                                                   const DataLayout& layout) {
    const auto bytesOf = [&](const Value* value) {
      return static_cast<int64_t>(layout.getTypeStoreSize(value->getType()).getKnownMinValue());
    };
    if (const auto* plain = dyn_cast<StoreInst>(&store))
      return {plain->getPointerOperand(), bytesOf(plain->getValueOperand())};
    if (const auto* update = dyn_cast<AtomicRMWInst>(&store))
      return {update->getPointerOperand(), bytesOf(update->getValOperand())};
    if (const auto* exchange = dyn_cast<AtomicCmpXchgInst>(&store))
      return {exchange->getPointerOperand(), bytesOf(exchange->getNewValOperand())};
    return {nullptr, 0};
  }

  const Accesses& accesses_;
  const unsigned size_;
  DenseMap<const Instruction*, SmallVector<unsigned, 2>> index_;
  DenseMap<const Value*, SmallVector<unsigned, 4>> by_base_;
  std::vector<unsigned> fact_;  // of each access
  std::vector<SmallVector<unsigned, 2>> covered_;
};

/// What has been checked before.
class Availability {
 public:
  Availability(Function& function, const Facts& facts, const SyncSummary& sync)
      : facts_(facts), sync_(sync), redundant_(facts.size()) {
    solve(function);
  }

  /// Indices of accesses that a fact covers.
  const BitVector& redundant() const { return redundant_; }

 private:
  /// Facts at the end of `block`; marks redundant accesses if `mark`.
  BitVector transfer(const BasicBlock& block, BitVector facts, bool mark) {
    facts_.forgetDefinitions(block, facts);
    for (const Instruction& instruction : block) {
      for (unsigned access : facts_.accessesOf(instruction)) {
        if (mark && facts_.holds(facts, access)) redundant_.set(access);
        facts_.add(facts, access);
      }
      if (sync_.mayRelease(instruction))
        facts.reset();
      else if (sync_.mayStoreAtomically(instruction))
        facts_.forgetWrites(instruction, block.getModule()->getDataLayout(), facts);
    }
    return facts;
  }

  BitVector atStart(const BasicBlock& block,
                    const DenseMap<const BasicBlock*, BitVector>& ends) const {
    BitVector facts(facts_.size(), true);
    if (pred_empty(&block)) facts.reset();
    for (const BasicBlock* predecessor : predecessors(&block)) {
      const auto found = ends.find(predecessor);
      if (found != ends.end()) facts &= found->second;
    }
    return facts;
  }

  void solve(Function& function) {
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

  const Facts& facts_;
  const SyncSummary& sync_;
  BitVector redundant_;
};

/// Indices of accesses that are certainly followed by a check that covers them.
BitVector checkedLater(Function& function, const Facts& facts, const SyncSummary& sync) {
  BitVector redundant(facts.size());
  DenseMap<const BasicBlock*, BitVector> starts;
  // Blocks that can follow a block without going back are done before it.
  for (const BasicBlock* block : post_order(&function)) {
    BitVector ahead(facts.size(), !succ_empty(block));
    for (const BasicBlock* successor : successors(block)) {
      const auto found = starts.find(successor);
      if (found == starts.end())
        ahead.reset();
      else
        ahead &= found->second;
    }
    for (const Instruction& instruction : llvm::reverse(*block)) {
      const bool may_leave =
          isa<CallBase>(instruction) && (!instruction.willReturn() || instruction.mayThrow());
      if (may_leave || instruction.isVolatile() || sync.maySynchronise(instruction)) ahead.reset();
      for (unsigned access : llvm::reverse(facts.accessesOf(instruction))) {
        // A report should name a volatile access as such.
        if (!instruction.isVolatile() && facts.holds(ahead, access)) redundant.set(access);
        facts.add(ahead, access);
      }
    }
    starts.try_emplace(block, std::move(ahead));
  }
  return redundant;
}

void drop(Accesses& accesses, const BitVector& redundant) {
  Accesses kept;
  for (unsigned i = 0; i < accesses.size(); ++i)
    if (!redundant.test(i)) kept.push_back(accesses[i]);
  accesses = std::move(kept);
}

}  // namespace

void elideRedundant(Function& function, Accesses& accesses, const SyncSummary& sync,
                    const Options& options) {
  // Facts are bits, blocks times accesses of them; beyond this size the time is not worth it.
  constexpr size_t kLargest = 4000;
  if (accesses.size() < 2 || accesses.size() > kLargest) return;
  if (options.elide) drop(accesses, Availability(function, Facts(accesses), sync).redundant());
  if (options.later) drop(accesses, checkedLater(function, Facts(accesses), sync));
}

}  // namespace hindsight
