// Findings in both spellings, in the same style as races (format.h).
#include "report/finding.h"
#include "report/json_report.h"
#include "report/text_report.h"

namespace hindsight {
namespace {

/// Calls `visit` for each distinct thread of the parts, in their order.
template <class Visit>
void forEachThreadOf(const Finding& finding, Visit visit) {
  for (u32 i = 0; i < finding.part_count; ++i) {
    bool is_new = true;
    for (u32 earlier = 0; earlier < i && is_new; ++earlier)
      is_new = finding.parts[earlier].thread.id != finding.parts[i].thread.id;
    if (is_new) visit(finding.parts[i].thread);
  }
}

class FindingText : private TextReportParts {
 public:
  using TextReportParts::TextReportParts;

  void write(const Finding& finding) {
    out_.text(kDelimiter);
    color(kAlarm).text("WARNING: ").text(finding.title);
    endColor().character('\n');
    writeCycle(finding);
    for (u32 i = 0; i < finding.part_count; ++i) {
      if (i != 0) out_.character('\n');
      writePart(finding.parts[i]);
    }
    for (u32 i = 0; i < finding.lock_count; ++i) writeLock(finding.locks[i]);
    forEachThreadOf(finding, [this](const ThreadView& thread) { writeCreation(thread); });
    out_.character('\n');
    writeFingerprint();
    out_.text(kDelimiter);
  }

 private:
  /// "Cycle of locks: 0x1 -> 0x2 -> 0x1"
  void writeCycle(const Finding& finding) {
    if (finding.cycle_count == 0) return;
    out_.text("Cycle of locks: ");
    for (u32 i = 0; i < finding.cycle_count; ++i) out_.hex(finding.cycle[i]).text(" -> ");
    out_.hex(finding.cycle[0]).text("\n\n");
  }

  void writePart(const FindingPart& part) {
    color(kHeading);
    const char* text = part.heading;
    if (text[0] == '%' && text[1] == 't' && part.thread.id == 0) {
      out_.text("Main thread");
      text += 2;
    } else if (text[0] == '%' && text[1] == 't' && part.thread.id != kUnknownThread) {
      writeNumberedThread("Thread ", part.thread);
      text += 2;
    }
    for (; *text != 0; ++text) {
      if (*text != '%') {
        out_.character(*text);
        continue;
      }
      ++text;
      if (*text == 't')
        writeThread(part.thread);
      else
        out_.hex(*text == 'l' ? part.lock : part.other_lock);
    }
    endColor().character('\n');
    writeStack(part.stack);
  }

  void writeLock(const FindingLock& lock) {
    if (lock.created_at.count != 0) {
      beginSection();
      out_.text("Lock ").hex(lock.address).text(" created by ");
      writeThread(lock.creator).text(" at:");
      endSection();
      writeStack(lock.created_at);
    }
    writeLockLocation(lock);
  }

  void writeLockLocation(const FindingLock& lock) {
    const SymbolizedGlobal global = context_.symbols.global(lock.address);
    const LocationView& location = lock.location;
    if (location.kind == LocationKind::Unknown && global.name == nullptr) return;
    beginSection();
    out_.text("Lock ").hex(lock.address);
    if (location.kind == LocationKind::Heap) {
      out_.text(" is in a heap block of ").decimal(location.size).text(" bytes at ");
      out_.hex(location.start).text(" allocated by ");
      writeThread(location.owner).character(':');
      endSection();
      writeStack(location.allocated_at);
      return;
    }
    if (location.kind == LocationKind::Stack || location.kind == LocationKind::ThreadLocal) {
      out_.text(location.kind == LocationKind::Stack ? " is on the stack of "
                                                     : " is in thread-local storage of ");
      writeThread(location.owner).character('.');
    } else {
      out_.text(" is global '").text(global.name).text("' of size ").decimal(global.size);
      out_.text(" (").text(strippedPath(global.module, context_.strip_path_prefix)).character(')');
    }
    endSection();
  }
};

class FindingJson : private JsonReportParts {
 public:
  using JsonReportParts::JsonReportParts;

  void write(const Finding& finding) {
    json_.beginObject();
    writeHead(findingKindName(finding.kind));
    json_.key("problem").string(finding.problem);
    if (finding.cycle_count != 0) {
      json_.key("cycle").beginArray();
      for (u32 i = 0; i < finding.cycle_count; ++i) json_.hexString(finding.cycle[i]);
      json_.endArray();
    }
    json_.key("parts").beginArray();
    for (u32 i = 0; i < finding.part_count; ++i) writePart(finding.parts[i]);
    json_.endArray();
    json_.key("locks").beginArray();
    for (u32 i = 0; i < finding.lock_count; ++i) writeLock(finding.locks[i]);
    json_.endArray();
    json_.key("threads").beginArray();
    forEachThreadOf(finding, [this](const ThreadView& thread) { writeThread(thread); });
    json_.endArray();
    json_.endObject();
  }

 private:
  void writePart(const FindingPart& part) {
    json_.beginObject();
    json_.key("role").string(part.role);
    json_.key("thread");
    writeThreadId(part.thread);
    if (part.lock != 0) json_.key("lock").hexString(part.lock);
    if (part.other_lock != 0) json_.key("other_lock").hexString(part.other_lock);
    writeStack("stack", part.stack);
    json_.endObject();
  }

  void writeLock(const FindingLock& lock) {
    json_.beginObject();
    json_.key("address").hexString(lock.address);
    const SymbolizedGlobal global = context_.symbols.global(lock.address);
    if (global.name != nullptr) json_.key("name").string(global.name);
    if (lock.location.kind == LocationKind::Heap)
      writeStack("allocated_at", lock.location.allocated_at);
    if (lock.created_at.count != 0) writeStack("created_at", lock.created_at);
    json_.endObject();
  }
};

}  // namespace

void writeFindingText(const Finding& finding, const ReportContext& context, TextWriter& out) {
  FindingText(context, out).write(finding);
}

void writeFindingJson(const Finding& finding, const ReportContext& context, TextWriter& out) {
  FindingJson(context, out).write(finding);
  out.character('\n');
}

}  // namespace hindsight
