// report_finding.h - gathers a finding on the report stack, has it printed, and ends the program if
// it is to end at the first report.
//
// Thread safety: any thread, inside the runtime, with no lock held. Allocation: none.
#pragma once

#include "platform/report_stack.h"
#include "report/finding.h"
#include "report/race_report.h"
#include "report/report_turn.h"
#include "report/views.h"

namespace hindsight {

/// `gather()` runs with the registry locked and returns a Finding whose parts outlive it.
template <class Gather>
void reportFinding(Gather gather) {
  struct Request {
    Gather* gather;
    bool printed;
  } request{&gather, false};
  const ReportTurn turn;
  onReportStack(
      [](void* argument) {
        auto& asked = *static_cast<Request*>(argument);
        lockRegistry();
        asked.printed = printFinding((*asked.gather)());
        unlockRegistry();
      },
      &request);
  if (request.printed) haltIfAsked();
}

}  // namespace hindsight
