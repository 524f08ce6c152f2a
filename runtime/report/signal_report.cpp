#include "report/signal_report.h"

#include "base/flags.h"
#include "platform/unwind.h"
#include "report/report_finding.h"

namespace hindsight {
namespace {

// Used by one report at a time.
FindingPart parts[2];
uptr frames[2][kMaxFrames];

TextWriter& beginHeading(const char* text) {
  static constinit TextWriter writer;
  writer.clear();
  return writer.text(text);
}

Finding gatherUnsafeCall(const Thread& thread, int signal, const char* function, uptr pc,
                         UnwindContext& registers) {
  const char* const text = beginHeading("%t calls ")
                               .text(function)
                               .text(" in a handler of signal ")
                               .decimal(static_cast<u64>(signal))
                               .character(':')
                               .data();
  frames[0][0] = pc;
  u32 count = unwindFrom(registers, pc, frames[0], kMaxFrames);
  if (count < 2)
    count = 1 + copyFrames(thread.history.stack, thread.tls->stack, frames[0] + 1, kMaxFrames - 1);
  parts[0] = {"call", text, viewOf(thread), 0, 0, viewOf(frames[0], count)};
  return {FindingKind::SignalUnsafe,
          "UNSAFE CALL IN A SIGNAL HANDLER",
          "signal_unsafe",
          parts,
          1,
          nullptr,
          0};
}

Finding gatherErrnoDamage(const Thread& thread, int signal, uptr handler, int before, int after,
                          uptr interrupted, const uptr* top) {
  const char* const text = beginHeading("%t ran this handler of signal ")
                               .decimal(static_cast<u64>(signal))
                               .text(", which changed errno from ")
                               .signedDecimal(before)
                               .text(" to ")
                               .signedDecimal(after)
                               .character(':')
                               .data();
  frames[0][0] = handler + 1;  // stacks hold return addresses
  frames[1][0] = interrupted + 1;
  const u32 count = 1 + copyFrames(thread.history.stack, top, frames[1] + 1, kMaxFrames - 1);
  parts[0] = {"handler", text, viewOf(thread), 0, 0, viewOf(frames[0], 1)};
  parts[1] = {"interrupted",           "It was interrupted at:", viewOf(thread), 0, 0,
              viewOf(frames[1], count)};
  return {FindingKind::ErrnoInSignal,
          "SIGNAL HANDLER CHANGED ERRNO",
          "errno_in_signal",
          parts,
          2,
          nullptr,
          0};
}

}  // namespace

void reportUnsafeCall(Thread& thread, int signal, const char* function, uptr pc) {
  UnwindContext registers;
  HINDSIGHT_CAPTURE(registers);
  reportFinding([&] { return gatherUnsafeCall(thread, signal, function, pc, registers); });
}

void reportErrnoDamage(Thread& thread, int signal, uptr handler, int before, int after,
                       uptr interrupted, const uptr* top) {
  reportFinding(
      [&] { return gatherErrnoDamage(thread, signal, handler, before, after, interrupted, top); });
}

}  // namespace hindsight
