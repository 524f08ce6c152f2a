#include "report/finding.h"

#include "base/text.h"
#include "report/fingerprint.h"
#include "report/stack.h"

namespace hindsight {
namespace {

SuppressionType suppressionOf(FindingKind kind) {
  switch (kind) {
    case FindingKind::MutexMisuse: return SuppressionType::Mutex;
    case FindingKind::PotentialDeadlock:
    case FindingKind::Deadlock: return SuppressionType::Deadlock;
    case FindingKind::ThreadLeak: return SuppressionType::Thread;
    case FindingKind::SignalUnsafe: return SuppressionType::Signal;
    case FindingKind::ErrnoInSignal: return SuppressionType::Errno;
  }
  return SuppressionType::Mutex;
}

/// A cycle of locks has no first part, so the parts' order does not enter.
template <class HashOfStack>
u64 hashParts(const Finding& finding, HashOfStack hash_of_stack) {
  u64 sum = 0;
  for (u32 i = 0; i < finding.part_count; ++i)
    sum += hashNumber(hashText(kTextHashStart, finding.parts[i].role),
                      hash_of_stack(finding.parts[i].stack));
  const u64 hash = hashNumber(hashText(kTextHashStart, finding.problem), sum);
  return hash != 0 ? hash : 1;
}

bool matchesStack(const char* pattern, const StackView& view, const SymbolSource& symbols) {
  for (const NamedFrame& frame : NamedStack(view, symbols))
    if (matchesFrame(pattern, frame)) return true;
  return false;
}

bool matches(const Suppression& rule, const Finding& finding, const SymbolSource& symbols) {
  if (rule.type != suppressionOf(finding.kind)) return false;
  for (u32 i = 0; i < finding.part_count; ++i)
    if (matchesStack(rule.pattern, finding.parts[i].stack, symbols)) return true;
  for (u32 i = 0; i < finding.lock_count; ++i) {
    const SymbolizedGlobal global = symbols.global(finding.locks[i].address);
    if (global.name != nullptr && matchesPattern(rule.pattern, global.name)) return true;
    if (matchesStack(rule.pattern, finding.locks[i].created_at, symbols)) return true;
  }
  return false;
}

}  // namespace

const char* findingKindName(FindingKind kind) {
  constexpr const char* kNames[] = {"mutex_misuse", "potential_deadlock", "deadlock",
                                    "thread_leak",  "signal_unsafe",      "errno_in_signal"};
  return kNames[static_cast<u8>(kind)];
}

u64 findingFingerprint(const Finding& finding, const SymbolSource& symbols) {
  return hashParts(finding,
                   [&](const StackView& stack) { return stackFingerprint(stack, symbols); });
}

u64 findingIdentity(const Finding& finding) {
  return hashParts(finding, [](const StackView& stack) {
    return hashBytes(kTextHashStart, stack.pcs, stack.count * sizeof(uptr));
  });
}

Suppression* matchFinding(const Suppressions& rules, const Finding& finding,
                          const SymbolSource& symbols) {
  for (Suppression* rule = rules.first(); rule != nullptr; rule = rule->next)
    if (matches(*rule, finding, symbols)) return rule;
  return nullptr;
}

}  // namespace hindsight
