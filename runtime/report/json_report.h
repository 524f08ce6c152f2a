// json_report.h - what all JSON reports are made of: threads, stacks and frames.
//
// Thread safety: none. Allocation: temporary, and the writer's.
#pragma once

#include "report/format.h"
#include "report/json_writer.h"
#include "report/stack.h"

namespace hindsight {

class JsonReportParts {
 public:
  JsonReportParts(const ReportContext& context, TextWriter& out) : context_(context), json_(out) {}

 protected:
  /// The fields that every report begins with.
  void writeHead(const char* kind);
  void writeThreadId(const ThreadView& thread);
  void writeThread(const ThreadView& thread);
  void writeStack(const char* key, const StackView& view);

  const ReportContext& context_;
  JsonWriter json_;

 private:
  void writeFrame(const NamedFrame& frame);
};

}  // namespace hindsight
