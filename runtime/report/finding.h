// finding.h - a problem other than a race as a plain record: misuse of a lock, a deadlock, a thread
// that nobody joined, a signal handler that does what it may not.
//
// A finding is a list of parts, each a sentence and a stack, and of the locks that it is about.
// Text, JSON, fingerprint and suppressions are made from that and know no kinds of problems.
//
// Thread safety: a record is built and printed by one thread. Allocation: none; see race_report.h.
#pragma once

#include "report/format.h"
#include "report/race_report.h"
#include "report/suppressions.h"

namespace hindsight {

enum class FindingKind : u8 {
  MutexMisuse,
  PotentialDeadlock,
  Deadlock,
  ThreadLeak,
  SignalUnsafe,
  ErrnoInSignal
};

struct FindingPart {
  const char* role;     // in JSON: "call", "taken", ...
  const char* heading;  // %t: the thread; %l: the lock; %o: the other lock
  ThreadView thread;
  uptr lock, other_lock;  // 0: none
  StackView stack;
};

/// A lock that the finding is about, and where it is.
struct FindingLock {
  uptr address;
  LocationView location;
  StackView created_at;  // empty if unknown
  ThreadView creator;
};

struct Finding {
  FindingKind kind;
  const char* title;    // "DOUBLE LOCK OF A MUTEX"
  const char* problem;  // in JSON: "double_lock"
  const FindingPart* parts;
  u32 part_count;
  const FindingLock* locks;
  u32 lock_count;
  const uptr* cycle = nullptr;  // locks, each taken by who holds the one before
  u32 cycle_count = 0;
};

/// "mutex_misuse", ...: the kind in JSON.
const char* findingKindName(FindingKind kind);
/// The finding's name wherever it is told from others: kind, and functions, files and lines of all
/// stacks. Never 0.
u64 findingFingerprint(const Finding& finding, const SymbolSource& symbols);
/// From program counters: cheap, valid in this process only. Never 0.
u64 findingIdentity(const Finding& finding);
/// The first rule that covers the finding: a function, file or module in any of its stacks, or the
/// name of a global lock. Null if there is none.
Suppression* matchFinding(const Suppressions& rules, const Finding& finding,
                          const SymbolSource& symbols);

void writeFindingText(const Finding& finding, const ReportContext& context, TextWriter& out);
void writeFindingJson(const Finding& finding, const ReportContext& context, TextWriter& out);

/// As describeRace.
bool describeFinding(const Finding& finding, TextWriter& out);

}  // namespace hindsight
