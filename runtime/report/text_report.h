// text_report.h - what all text reports are made of: headings, threads and stacks in Go's layout.
//
// Thread safety: none. Allocation: temporary, and the writer's.
#pragma once

#include "report/format.h"
#include "report/stack.h"

namespace hindsight {

class TextReportParts {
 public:
  TextReportParts(const ReportContext& context, TextWriter& out) : context_(context), out_(out) {}

 protected:
  static constexpr const char* kDelimiter = "==================\n";
  static constexpr const char* kAlarm = "\033[1;31m";
  static constexpr const char* kHeading = "\033[1;34m";
  static constexpr const char* kOther = "\033[0;36m";

  TextWriter& color(const char* code) { return context_.color ? out_.text(code) : out_; }
  TextWriter& endColor() { return context_.color ? out_.text("\033[0m") : out_; }
  /// A blank line, then a heading that `endSection` ends.
  void beginSection() {
    out_.character('\n');
    color(kOther);
  }
  void endSection() { endColor().character('\n'); }

  /// "main thread" or "thread 2 'worker'".
  TextWriter& writeThread(const ThreadView& thread);
  TextWriter& writeNumberedThread(const char* word, const ThreadView& thread);
  /// Where the thread was created; nothing for the main thread.
  void writeCreation(const ThreadView& thread);
  void writeStack(const StackView& view);
  void writeFingerprint() {
    out_.text("Fingerprint: ").hexDigits(context_.fingerprint, 16).character('\n');
  }

  const ReportContext& context_;
  TextWriter& out_;

 private:
  void writeFrame(const NamedFrame& frame);
};

}  // namespace hindsight
