#include "report/text_report.h"

#include "base/text.h"

namespace hindsight {

namespace {

constexpr u32 kMaxPrintedFrames = 256;

}  // namespace

TextWriter& TextReportParts::writeThread(const ThreadView& thread) {
  if (thread.id == 0) return out_.text("main thread");
  if (thread.id == kUnknownThread) return out_.text("unknown thread");
  return writeNumberedThread("thread ", thread);
}

TextWriter& TextReportParts::writeNumberedThread(const char* word, const ThreadView& thread) {
  out_.text(word).decimal(thread.id);
  if (thread.name == nullptr || thread.name[0] == 0) return out_;
  out_.text(" '");
  for (const char* c = thread.name; *c != 0; ++c)
    out_.character(static_cast<u8>(*c) < ' ' ? '?' : *c);  // a line stays a line
  return out_.character('\'');
}

void TextReportParts::writeCreation(const ThreadView& thread) {
  if (thread.id == 0 || thread.id == kUnknownThread) return;
  out_.character('\n');
  color(kOther);
  writeNumberedThread("Thread ", thread);
  out_.text(thread.finished ? " (finished)" : " (running)").text(" created at:");
  endColor().character('\n');
  writeStack(thread.created_at);
}

void TextReportParts::writeStack(const StackView& view) {
  const NamedStack stack(view, context_.symbols);
  u32 printed = 0;
  for (const NamedFrame& frame : stack) {
    if (printed++ == kMaxPrintedFrames) {
      out_.text("  [").decimal(stack.count() - kMaxPrintedFrames).text(" more frames]\n");
      break;
    }
    writeFrame(frame);
  }
  if (view.lost)
    out_.text(
        "  [failed to restore the stack: HINDSIGHT=history_effort=100 or history_kept_mib=n keeps "
        "more]\n");
  else if (stack.empty())
    out_.text("  [no stack]\n");
}

void TextReportParts::writeFrame(const NamedFrame& frame) {
  const SymbolizedPc& at = *frame.at;
  const SourceFrame& source = *frame.source;
  out_.text("  ").text(source.function[0] != 0 ? source.function : "??").text("\n      ");
  if (source.file[0] != 0) {
    out_.text(strippedPath(source.file, context_.strip_path_prefix));
    // Line 0: code that the compiler made, of no line in particular.
    if (source.line != 0) out_.character(':').decimal(source.line);
  } else if (at.module[0] != 0) {
    out_.text(strippedPath(at.module, context_.strip_path_prefix))
        .character('+')
        .hex(at.module_offset);
  } else {
    out_.hex(at.pc);
  }
  out_.text(" +").hex(at.function_offset).character('\n');
}

const char* strippedPath(const char* path, const char* prefix) {
  if (prefix[0] == 0 || !textStartsWith(path, prefix)) return path;
  const char* rest = path + textLength(prefix);
  while (*rest == '/') ++rest;
  return *rest != 0 ? rest : path;
}

}  // namespace hindsight
