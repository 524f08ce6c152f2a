#include "report/thread_leak.h"

#include "base/flags.h"
#include "report/report_finding.h"

namespace hindsight {
namespace {

constexpr u32 kMostReports = 1000;

struct Search {
  u32 after;
  const Thread* found;  // the one with the lowest id past `after`
};

bool isLeaked(const Thread& thread) {
  return thread.state == ThreadState::Finished && !thread.detached && !thread.is_fiber &&
         thread.id != 0;
}

/// Registry lock held.
const Thread* nextLeaked(u32 after) {
  Search search{after, nullptr};
  forEachThread(
      [](Thread& thread, void* argument) {
        auto& search = *static_cast<Search*>(argument);
        if (!isLeaked(thread) || thread.id <= search.after) return;
        if (search.found == nullptr || thread.id < search.found->id) search.found = &thread;
      },
      &search);
  return search.found;
}

/// Once main has left by pthread_exit nobody is expected to join: the last thread ends the process.
bool mainHasLeft() {
  bool runs = false;
  lockRegistry();
  forEachThread(
      [](Thread& thread, void* argument) {
        if (thread.id == 0 && thread.state == ThreadState::Running)
          *static_cast<bool*>(argument) = true;
      },
      &runs);
  unlockRegistry();
  return !runs;
}

FindingPart part;

Finding gather(const Thread& thread) {
  part = {"created",
          "%t has ended and was neither joined nor detached; it was created at:",
          viewOf(thread),
          0,
          0,
          viewOf(thread.creation_stack, thread.creation_frames)};
  return {FindingKind::ThreadLeak, "THREAD LEAK", "thread_leak", &part, 1, nullptr, 0};
}

}  // namespace

void reportThreadLeaks() {
  // What the program does when it is told of a report may end it.
  if (!flags().report_thread_leaks || told_report != nullptr || mainHasLeft()) return;
  u32 after = 0;
  for (u32 i = 0; i < kMostReports; ++i) {
    lockRegistry();
    const Thread* const thread = nextLeaked(after);
    unlockRegistry();
    if (thread == nullptr) return;
    after = thread->id;
    reportFinding([&] { return gather(*thread); });
  }
}

}  // namespace hindsight
