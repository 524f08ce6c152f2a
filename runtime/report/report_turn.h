// report_turn.h - one report is gathered and written at a time, and who ends the process waits for
// those that have begun.
//
// The first report takes tens of milliseconds (stacks are unwound, debug information is read);
// meanwhile another thread may abort, exec or exit. It then waits, outside the runtime and with no
// lock, until every report that had been found before is out:
//
//   finder                           who ends the process (waitForReports), twice
//     phase = current                  old = current, current = the other one
//     found[phase] += 1                found[old] > 0? then wait
//     ReportTurn, gather, write
//     found[phase] -= 1
//
// What is found later counts for the other phase, so that a stream of races holds nobody up (this
// is how sleepable RCU [McKenney 2006] tells old readers from new ones). Both phases are waited for
// because another waiter may have exchanged them before.
//
// The wait is bounded: the program's own code runs within a report (__tsan_on_report) and may need
// a lock that the waiter holds, and nobody may be reading the pipe that the report goes to.
//
// Thread safety: any thread; a finder is inside the runtime. Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

/// While it lives, its thread has found something and not yet written it. Nests.
class FoundReport {
 public:
  FoundReport();
  ~FoundReport();
  FoundReport(const FoundReport&) = delete;
  FoundReport& operator=(const FoundReport&) = delete;

 private:
  const u32 phase_;
};

/// While it lives, its thread gathers and writes a report, on the report stack
/// (platform/report_stack.h). The registry lock is not held when it begins.
class ReportTurn {
 public:
  ReportTurn();
  ~ReportTurn();
  ReportTurn(const ReportTurn&) = delete;
  ReportTurn& operator=(const ReportTurn&) = delete;

 private:
  const FoundReport found_;
};

/// Returns when all reports that have been found are out, or after ten seconds. False: there may be
/// more, and the turn may be taken for good, be it by this very thread (it is in a callback of its
/// report), or this is not the process that reports. Async-signal-safe.
bool waitForReports();

/// The calling process is the one whose races are reported: at start, and in a forked child.
void reportForThisProcess();
/// A child that shares its parent's memory (CLONE_VM) ends without a word: the reports are not its
/// own.
bool reportsAreOfAnother();

}  // namespace hindsight
