// report_finding.h - gathers a finding on the report stack, has it printed, and ends the program if
// it is to end at the first report.
//
// Thread safety: any thread, inside the runtime, with no lock held. Allocation: none.
#pragma once

#include "base/text_writer.h"
#include "platform/report_stack.h"
#include "report/finding.h"
#include "report/output.h"
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
        TextWriter text;
        lockRegistry();
        asked.printed = describeFinding((*asked.gather)(), text);
        unlockRegistry();
        if (asked.printed) writeOutput(text.data(), text.size());
      },
      &request);
  if (request.printed) haltIfAsked();
}

}  // namespace hindsight
