#include "report/format.h"
#include "report/text_report.h"
#include "report/vtable.h"

namespace hindsight {
namespace {

/// "write", "atomic read", ...
const char* kindName(AccessKind kind) {
  switch (kind) {
    case AccessKind::Read: return "read";
    case AccessKind::Write: return "write";
    case AccessKind::AtomicRead: return "atomic read";
    case AccessKind::AtomicWrite: return "atomic write";
    case AccessKind::Free: return "free";
  }
  return "access";
}

class TextReport : private TextReportParts {
 public:
  using TextReportParts::TextReportParts;

  void write(const RaceReport& race) {
    out_.text(kDelimiter);
    color(kAlarm).text("WARNING: DATA RACE");
    endColor().character('\n');
    writeAccess(race.current, race.location, true);
    writeAccess(race.previous, race.location, false);
    writeCreation(race.current.thread);
    if (race.previous.thread.id != race.current.thread.id) writeCreation(race.previous.thread);
    writeLocation(race);
    writeOwnerCreation(race);
    writeLocks(race.current);
    writeLocks(race.previous);
    out_.character('\n');
    writeSizes(race);
    if (context_.vtable != nullptr)
      out_.text("Virtual table pointer of ")
          .text(context_.vtable)
          .text(": ")
          .text(vtableRaceText(race))
          .text(".\n");
    writeForeign(race);
    writeFingerprint();
    out_.text(kDelimiter);
  }

 private:
  void writeAccess(const AccessView& access, const LocationView& location, bool is_current) {
    if (!is_current) out_.character('\n');
    color(kHeading);
    const char* kind = kindName(access.kind);
    if (location.kind == LocationKind::Descriptor)
      writeDescriptorUse(access, location.start, is_current);
    else if (is_current)
      writeCapitalized(kind);
    else
      out_.text("Previous ").text(kind);
    if (location.kind != LocationKind::Descriptor) out_.text(" at ").hex(access.address);
    out_.text(" by ");
    writeThread(access.thread).character(':');
    endColor().character('\n');
    writeStack(access.stack);
  }

  /// "Close of file descriptor 5", "Previous use of file descriptor 5"
  void writeDescriptorUse(const AccessView& access, u64 descriptor, bool is_current) {
    const bool closes = access.kind == AccessKind::Free || access.kind == AccessKind::Write;
    out_.text(is_current ? (closes ? "Close" : "Use")
                         : (closes ? "Previous close" : "Previous use"));
    out_.text(" of file descriptor ").decimal(descriptor);
  }

  /// Who a third thread is that the location names.
  void writeOwnerCreation(const RaceReport& race) {
    const LocationKind kind = race.location.kind;
    const u32 owner = race.location.owner.id;
    if (kind == LocationKind::Unknown || kind == LocationKind::Global) return;
    if (owner == race.current.thread.id || owner == race.previous.thread.id) return;
    writeCreation(race.location.owner);
  }

  void writeLocation(const RaceReport& race) {
    const LocationView& location = race.location;
    switch (location.kind) {
      case LocationKind::Heap:
      case LocationKind::Mapping: {
        const bool is_heap = location.kind == LocationKind::Heap;
        beginSection();
        out_.text(is_heap ? "Heap block of " : "Memory mapping of ").decimal(location.size);
        out_.text(" bytes at ").hex(location.start);
        out_.text(is_heap ? " allocated by " : " mapped by ");
        writeThread(location.owner).text(location.freed ? " (freed since):" : ":");
        endSection();
        writeStack(location.allocated_at);
        break;
      }
      case LocationKind::Stack:
      case LocationKind::ThreadLocal:
        beginSection();
        out_.text(location.kind == LocationKind::Stack ? "Location is stack of "
                                                       : "Location is thread-local storage of ");
        writeThread(location.owner);
        writeVariable();
        out_.character('.');
        endSection();
        break;
      case LocationKind::Descriptor:
        beginSection();
        out_.text("File descriptor ").decimal(location.start).text(" opened by ");
        writeThread(location.owner).text(" at:");
        endSection();
        writeStack(location.allocated_at);
        break;
      case LocationKind::Global:
      case LocationKind::Unknown: writeGlobal(race.current.address);
    }
    if (context_.memory_name[0] == 0) return;
    beginSection();
    out_.text("The program calls this memory '").text(context_.memory_name).text("'.");
    endSection();
  }

  void writeGlobal(uptr address) {
    const SymbolizedGlobal global = context_.symbols.global(address);
    if (global.module[0] == 0) return;
    beginSection();
    if (global.name != nullptr) {
      out_.text("Global '").text(global.name).text("' of size ").decimal(global.size);
      out_.text(" at ").hex(global.start);
    } else {
      out_.text("Global without a name at ").hex(address);
    }
    out_.text(" (").text(strippedPath(global.module, context_.strip_path_prefix)).character(')');
    writeVariable();
    endSection();
  }

  /// ", variable 'pair.second' of main() (/src/main.cpp:14)"
  void writeVariable() {
    if (context_.variable == nullptr) return;
    const VariableView& variable = *context_.variable;
    out_.text(", variable '").text(variable.path).character('\'');
    if (variable.function[0] != 0) out_.text(" of ").text(variable.function);
    if (variable.file[0] == 0) return;
    out_.text(" (").text(strippedPath(variable.file, context_.strip_path_prefix));
    if (variable.line != 0) out_.character(':').decimal(variable.line);
    out_.character(')');
  }

  void writeLocks(const AccessView& access) {
    for (u32 i = 0; i < access.lock_count; ++i) {
      const HeldLockView& lock = access.locks[i];
      beginSection();
      out_.text("Lock held by ");
      writeThread(access.thread).text(": ").text(lock.shared ? "read lock " : "mutex ");
      out_.hex(lock.address).text(", taken at:");
      endSection();
      writeStack(lock.taken_at);
      if (lock.created_at.count == 0) continue;
      beginSection();
      out_.text("Lock ").hex(lock.address).text(" created at:");
      endSection();
      writeStack(lock.created_at);
    }
  }

  /// "Write of 4 bytes, previous atomic read of 8 bytes; 16 bytes into the block."
  void writeSizes(const RaceReport& race) {
    const LocationView& location = race.location;
    if (location.kind == LocationKind::Descriptor) return;
    writeCapitalized(race.current.is_volatile ? "volatile " : kindName(race.current.kind));
    if (race.current.is_volatile) out_.text(kindName(race.current.kind));
    writeSize(race.current);
    out_.text(", previous ").text(race.previous.is_volatile ? "volatile " : "");
    out_.text(kindName(race.previous.kind));
    writeSize(race.previous);
    if (location.kind == LocationKind::Heap && race.current.address >= location.start) {
      out_.text("; ").decimal(race.current.address - location.start);
      out_.text(" bytes into the block");
    }
    writeGlobalOffset(race);
    out_.text(".\n");
  }

  /// Where in a global: an element of an array, a member.
  void writeGlobalOffset(const RaceReport& race) {
    const LocationKind kind = race.location.kind;
    if (kind != LocationKind::Global && kind != LocationKind::Unknown) return;
    const SymbolizedGlobal global = context_.symbols.global(race.current.address);
    if (global.name == nullptr || race.current.address == global.start) return;
    out_.text("; ").decimal(race.current.address - global.start).text(" bytes into '");
    out_.text(global.name).text("'");
  }

  /// Libraries in the stacks of the accesses of which only the calls are seen that they make of us.
  void writeForeign(const RaceReport& race) {
    constexpr u32 kMost = 8;
    const char* named[kMost];
    u32 count = 0;
    const AccessView* const accesses[] = {&race.current, &race.previous};
    for (const AccessView* access : accesses) {
      const NamedStack stack(access->stack, context_.symbols);
      for (const NamedFrame& frame : stack) {
        if (!frame.at->foreign || count == kMost) continue;
        u32 i = 0;
        while (i < count && named[i] != frame.at->module) ++i;
        if (i < count) continue;
        named[count++] = frame.at->module;
        out_.text("Not instrumented: ")
            .text(strippedPath(frame.at->module, context_.strip_path_prefix));
        out_.text("; its own accesses and atomics are not seen.\n");
      }
    }
  }

  void writeSize(const AccessView& access) {
    out_.text(" of ").decimal(access.size).text(access.size == 1 ? " byte" : " bytes");
  }

  void writeCapitalized(const char* text) {
    out_.character(static_cast<char>(text[0] - 'a' + 'A')).text(text + 1);
  }
};

}  // namespace

void writeRaceText(const RaceReport& race, const ReportContext& context, TextWriter& out) {
  TextReport(context, out).write(race);
}

void writeSummaryText(const ReportTotals& totals, TextWriter& out) {
  if (totals.races > 0) out.text("Found ").decimal(totals.races).text(" data race(s)\n");
  if (totals.others > 0)
    out.text("Found ").decimal(totals.others).text(" problem(s) other than data races\n");
}

}  // namespace hindsight
