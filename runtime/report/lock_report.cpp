#include "report/lock_report.h"

#include "platform/unwind.h"
#include "report/report_finding.h"
#include "sync/lock_problem.h"
#include "sync/lock_table.h"

namespace hindsight {
namespace {

// Large, and used by one report at a time.
constexpr u32 kMaxParts = 2 * LockGraph::kMaxCycle + 2;
FindingPart parts[kMaxParts];
FindingLock locks[LockGraph::kMaxCycle];
uptr cycle[LockGraph::kMaxCycle];
uptr call_frames[kMaxFrames];

struct Words {
  const char* title[3];  // by LockType
  const char* problem;   // in JSON
  const char* heading;   // of the call
};

constexpr Words kWords[] = {
    {{"UNLOCK OF AN UNLOCKED MUTEX", "UNLOCK OF AN UNLOCKED READ-WRITE LOCK",
      "UNLOCK OF AN UNLOCKED SPIN LOCK"},
     "unlock_of_unlocked",
     "%t unlocks lock %l, which nobody holds:"},
    {{"UNLOCK OF A MUTEX THAT ANOTHER THREAD HOLDS",
      "UNLOCK OF A READ-WRITE LOCK THAT ANOTHER THREAD HOLDS",
      "UNLOCK OF A SPIN LOCK THAT ANOTHER THREAD HOLDS"},
     "unlock_of_others",
     "%t unlocks lock %l, which it does not hold:"},
    {{"", "UNLOCK OF A READ-WRITE LOCK THAT OTHER THREADS HOLD", ""},
     "read_unlock_not_held",
     "%t unlocks lock %l, which others read and it does not:"},
    {{"DOUBLE LOCK OF A MUTEX", "DOUBLE LOCK OF A READ-WRITE LOCK", "DOUBLE LOCK OF A SPIN LOCK"},
     "double_lock",
     "%t waits for lock %l, which it holds already:"},
    {{"DESTROY OF A LOCKED MUTEX", "DESTROY OF A LOCKED READ-WRITE LOCK",
      "DESTROY OF A LOCKED SPIN LOCK"},
     "destroy_of_locked",
     "%t destroys lock %l, which is locked:"},
    {{"USE OF A DESTROYED MUTEX", "USE OF A DESTROYED READ-WRITE LOCK",
      "USE OF A DESTROYED SPIN LOCK"},
     "use_after_destroy",
     "%t uses lock %l, which has been destroyed:"},
    {{"DESTROY OF A MUTEX RACES WITH ITS UNLOCK",
      "DESTROY OF A READ-WRITE LOCK RACES WITH ITS UNLOCK",
      "DESTROY OF A SPIN LOCK RACES WITH ITS UNLOCK"},
     "destroy_races_with_unlock",
     "%t destroys lock %l, without order after its unlock by another thread:"},
    {{"INITIALISATION OF A MUTEX RACES WITH ITS UNLOCK",
      "INITIALISATION OF A READ-WRITE LOCK RACES WITH ITS UNLOCK",
      "INITIALISATION OF A SPIN LOCK RACES WITH ITS UNLOCK"},
     "init_races_with_unlock",
     "%t initialises lock %l, without order after its unlock by another thread:"},
};

struct Gathering {
  u32 parts = 0, locks = 0;
  uptr lock = 0;
};

void addPart(Gathering& to, const char* role, const char* heading, const ThreadView& thread,
             uptr lock, uptr other_lock, const StackView& stack) {
  parts[to.parts++] = {role, heading, thread, lock, other_lock, stack};
}

void addLock(Gathering& to, uptr lock) {
  for (u32 i = 0; i < to.locks; ++i)
    if (locks[i].address == lock) return;
  const LockMoment creation = whereCreated(lock);
  locks[to.locks++] = {lock, locate(lock), viewOfDepot(creation.stack),
                       viewOfThread(creation.thread)};
}

/// Where each thread that holds the lock took it.
void addHolders(Gathering& to, uptr lock) {
  to.lock = lock;
  forEachThread(
      [](Thread& thread, void* argument) {
        auto& to = *static_cast<Gathering*>(argument);
        if (thread.state != ThreadState::Running) return;
        const u32 count = min(thread.history.lock_count, kMaxHeldLocks);
        for (u32 i = 0; i < count && to.parts < kMaxParts; ++i) {
          const HeldLock& held = thread.history.locks[i];
          if (held.address != to.lock) continue;
          const u32 stack = thread.held_stacks[i];
          addPart(to, "taken",
                  held.shared ? "%t holds lock %l for reading, taken at:"
                              : "%t holds lock %l, taken at:",
                  viewOf(thread), to.lock, 0,
                  stack != 0 ? viewOfDepot(stack) : viewOf(&held.pc, 1));
        }
      },
      &to);
}

StackView callStack(const Thread& thread, UnwindContext& registers, uptr pc) {
  call_frames[0] = pc;
  u32 count = unwindFrom(registers, pc, call_frames, kMaxFrames);
  if (count < 2)
    count =
        1 + copyFrames(thread.history.stack, thread.tls->stack, call_frames + 1, kMaxFrames - 1);
  return viewOf(call_frames, count);
}

/// Who unlocked the lock, as far as that can be told.
void addUnlock(Gathering& to, const LockProblem& problem) {
  const UnorderedRelease& unlock = problem.unordered;
  const Thread* const thread = unlock.by.slot != kNoSlot ? threadOf(unlock.by) : nullptr;
  if (thread == nullptr) return;
  addPart(to, "unlocked",
          unlock.stack != 0 ? "%t unlocked lock %l, taken at:" : "%t unlocked lock %l.",
          viewOf(*thread), problem.lock, 0, viewOfDepot(unlock.stack));
}

Finding gatherMisuse(const Thread& thread, const LockProblem& problem, UnwindContext& registers) {
  const Words& words = kWords[static_cast<u8>(problem.kind)];
  Gathering to;
  addPart(to, "call", words.heading, viewOf(thread), problem.lock, 0,
          callStack(thread, registers, problem.pc));
  if (problem.kind == LockProblemKind::UseAfterDestroy) {
    const LockMoment end = whereDestroyed(problem.lock);
    if (end.stack != 0)
      addPart(to, "destroyed", "Lock %l was destroyed by %t at:", viewOfThread(end.thread),
              problem.lock, 0, viewOfDepot(end.stack));
  } else if (problem.kind == LockProblemKind::DestroyUnordered ||
             problem.kind == LockProblemKind::InitUnordered) {
    addUnlock(to, problem);
  } else {
    addHolders(to, problem.lock);
  }
  addLock(to, problem.lock);
  return {FindingKind::MutexMisuse,
          words.title[static_cast<u8>(problem.type)],
          words.problem,
          parts,
          to.parts,
          locks,
          to.locks};
}

/// Each link: where the second lock is taken, then where the first one was.
Finding gatherCycle(const LockProblem& problem) {
  const bool happened = problem.kind == LockProblemKind::Deadlock;
  Gathering to;
  for (u32 i = 0; i < problem.link_count; ++i) {
    const LockGraph::Link& link = problem.links[i];
    const ThreadView thread = viewOfThread(link.thread);
    addPart(to, "second",
            happened             ? "%t waits for lock %o while it holds lock %l:"
            : link.second_shared ? "%t takes lock %o for reading while it holds lock %l:"
                                 : "%t takes lock %o while it holds lock %l:",
            thread, link.first, link.second, viewOfDepot(link.second_stack));
    addPart(to, "first",
            link.first_shared ? "%t had taken lock %l for reading at:" : "%t had taken lock %l at:",
            thread, link.first, 0, viewOfDepot(link.first_stack));
    cycle[i] = link.first;
  }
  for (u32 i = 0; i < problem.link_count; ++i) addLock(to, problem.links[i].first);
  return {happened ? FindingKind::Deadlock : FindingKind::PotentialDeadlock,
          happened ? "DEADLOCK" : "POTENTIAL DEADLOCK",
          happened ? "deadlock" : "lock_order_cycle",
          parts,
          to.parts,
          locks,
          to.locks,
          cycle,
          problem.link_count};
}

void report(Thread& thread, const LockProblem& problem) {
  if (problem.link_count != 0) return reportFinding([&] { return gatherCycle(problem); });
  UnwindContext registers;
  HINDSIGHT_CAPTURE(registers);
  reportFinding([&] { return gatherMisuse(thread, problem, registers); });
}

}  // namespace

void initLockReports() { lock_problem_hook = report; }

}  // namespace hindsight
