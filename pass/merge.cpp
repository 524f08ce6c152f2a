// Merging: accesses of one block with no synchronisation between them are one span; checking them
// all at the place of the first is the same as checking each in its place.
//
// ALGORITHM, per span and base value: (1) a read covered by a write of the span needs no check;
// (2) neighbours of one kind whose bytes touch, starting on a word, become one compare of at most
// kLargestMerge bytes, and one call if that misses, which knows each part's line.
#include <algorithm>

#include "hindsight/abi.h"
#include "plan.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

using namespace llvm;

namespace hindsight {
namespace {

constexpr uint64_t kWord = 4;
constexpr uint64_t kLargestMerge = HINDSIGHT_PARTS_WORDS * kWord;

Check checkOf(const Access& access) {
  return {access.instruction, access.base,   access.offset, access.bytes,
          access.align,       access.writes, {access}};
}

/// Drops from the accesses to one base, in program order, those another one covers.
void dropCovered(std::vector<const Access*>& accesses) {
  std::vector<const Access*> kept;
  for (const Access* access : accesses) {
    const bool covered = std::any_of(accesses.begin(), accesses.end(), [&](const Access* other) {
      if (other == access || !covers(*other, *access)) return false;
      return !covers(*access, *other) || other < access;
    });
    if (!covered) kept.push_back(access);
  }
  accesses = std::move(kept);
}

bool onWords(const Access& access) {
  return access.align.value() >= kWord && access.bytes % kWord == 0;
}

/// Accesses of one base and kind, sorted by offset, into checks.
void mergeSorted(const std::vector<const Access*>& accesses, Checks& checks) {
  for (size_t i = 0; i < accesses.size();) {
    Check check = checkOf(*accesses[i]);
    size_t next = i + 1;
    while (onWords(*accesses[i]) && next < accesses.size() && onWords(*accesses[next]) &&
           accesses[next]->offset <= check.offset + static_cast<int64_t>(check.bytes)) {
      const int64_t end =
          std::max(check.offset + static_cast<int64_t>(check.bytes),
                   accesses[next]->offset + static_cast<int64_t>(accesses[next]->bytes));
      if (static_cast<uint64_t>(end - check.offset) > kLargestMerge) break;
      check.bytes = static_cast<uint64_t>(end - check.offset);
      check.parts.push_back(*accesses[next]);
      if (accesses[next]->instruction->comesBefore(check.where))
        check.where = accesses[next]->instruction;
      ++next;
    }
    checks.push_back(std::move(check));
    i = next;
  }
}

void finishSpan(std::vector<const Access*>& span, Checks& checks) {
  MapVector<Value*, std::vector<const Access*>> by_base;
  for (const Access* access : span) by_base[access->base].push_back(access);
  for (auto& [base, accesses] : by_base) {
    dropCovered(accesses);
    for (bool writes : {false, true}) {
      std::vector<const Access*> kind;  // by offset, equal ones as the program has them
      for (const Access* access : accesses) {
        if (access->writes != writes) continue;
        const auto place = std::upper_bound(
            kind.begin(), kind.end(), access,
            [](const Access* added, const Access* there) { return added->offset < there->offset; });
        kind.insert(place, access);
      }
      mergeSorted(kind, checks);
    }
  }
  span.clear();
}

}  // namespace

Checks mergeAccesses(const Accesses& accesses, const SyncSummary& sync, const Options& options) {
  Checks checks;
  if (!options.merge) {
    for (const Access& access : accesses) checks.push_back(checkOf(access));
    return checks;
  }
  DenseMap<const Instruction*, SmallVector<const Access*, 2>> by_instruction;
  SmallVector<const BasicBlock*, 16> blocks;
  for (const Access& access : accesses) {
    by_instruction[access.instruction].push_back(&access);
    const BasicBlock* block = access.instruction->getParent();
    if (blocks.empty() || blocks.back() != block) blocks.push_back(block);
  }
  for (const BasicBlock* block : blocks) {
    std::vector<const Access*> span;
    for (const Instruction& instruction : *block) {
      const auto found = by_instruction.find(&instruction);
      if (found != by_instruction.end())
        span.insert(span.end(), found->second.begin(), found->second.end());
      // A call that does not return would leave later accesses of the block undone.
      const bool may_leave =
          isa<CallBase>(instruction) && (!instruction.willReturn() || instruction.mayThrow());
      if (sync.maySynchronise(instruction) || may_leave) finishSpan(span, checks);
    }
    finishSpan(span, checks);
  }
  return checks;
}

}  // namespace hindsight
