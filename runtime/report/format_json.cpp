#include "report/format.h"
#include "report/json_report.h"

namespace hindsight {
namespace {

const char* locationName(LocationKind kind) {
  switch (kind) {
    case LocationKind::Heap: return "heap";
    case LocationKind::Global: return "global";
    case LocationKind::Stack: return "stack";
    case LocationKind::ThreadLocal: return "thread_local";
    case LocationKind::Mapping: return "mapping";
    case LocationKind::Descriptor: return "file_descriptor";
    case LocationKind::Unknown: break;
  }
  return "unknown";
}

class JsonReport : private JsonReportParts {
 public:
  using JsonReportParts::JsonReportParts;

  void write(const RaceReport& race) {
    json_.beginObject();
    writeHead("data_race");
    json_.key("accesses").beginArray();
    writeAccess(race.current);
    writeAccess(race.previous);
    json_.endArray();
    json_.key("threads").beginArray();
    writeThread(race.current.thread);
    if (race.previous.thread.id != race.current.thread.id) writeThread(race.previous.thread);
    if (hasOwner(race.location.kind) && race.location.owner.id != race.current.thread.id &&
        race.location.owner.id != race.previous.thread.id)
      writeThread(race.location.owner);
    json_.endArray();
    writeLocation(race);
    json_.endObject();
  }

 private:
  static bool hasOwner(LocationKind kind) {
    return kind != LocationKind::Unknown && kind != LocationKind::Global;
  }

  void writeAccess(const AccessView& access) {
    const bool is_atomic =
        access.kind == AccessKind::AtomicRead || access.kind == AccessKind::AtomicWrite;
    const bool is_read = access.kind == AccessKind::Read || access.kind == AccessKind::AtomicRead;
    json_.beginObject();
    json_.key("access").string(access.kind == AccessKind::Free ? "free"
                               : is_read                       ? "read"
                                                               : "write");
    json_.key("atomic").boolean(is_atomic);
    json_.key("volatile").boolean(access.is_volatile);
    json_.key("address").hexString(access.address);
    json_.key("size").number(access.size);
    json_.key("thread");
    writeThreadId(access.thread);
    json_.key("stack_lost").boolean(access.stack.lost);
    writeStack("stack", access.stack);
    json_.key("locks").beginArray();
    for (u32 i = 0; i < access.lock_count; ++i) {
      json_.beginObject();
      json_.key("address").hexString(access.locks[i].address);
      json_.key("mode").string(access.locks[i].shared ? "shared" : "exclusive");
      writeStack("taken_at", access.locks[i].taken_at);
      if (access.locks[i].created_at.count != 0)
        writeStack("created_at", access.locks[i].created_at);
      json_.endObject();
    }
    json_.endArray();
    json_.endObject();
  }

  void writeLocation(const RaceReport& race) {
    const LocationView& location = race.location;
    const SymbolizedGlobal global = hasOwner(location.kind)
                                        ? SymbolizedGlobal{nullptr, "", 0, 0}
                                        : context_.symbols.global(race.current.address);
    const bool is_global = global.module[0] != 0;
    json_.key("location").beginObject();
    json_.key("kind").string(locationName(is_global ? LocationKind::Global : location.kind));
    if (is_global) {
      json_.key("module").string(strippedPath(global.module, context_.strip_path_prefix));
      if (global.name != nullptr) {
        json_.key("name").string(global.name);
        json_.key("start").hexString(global.start);
        json_.key("size").number(global.size);
        json_.key("offset").number(race.current.address - global.start);
      }
    }
    if (hasOwner(location.kind)) {
      if (location.kind == LocationKind::Descriptor) {
        json_.key("fd").number(location.start);
      } else {
        json_.key("start").hexString(location.start);
        json_.key("size").number(location.size);
      }
      json_.key("thread");
      writeThreadId(location.owner);
    }
    if (location.kind == LocationKind::Heap || location.kind == LocationKind::Mapping) {
      json_.key("freed").boolean(location.freed);
      writeStack("allocated_at", location.allocated_at);
    }
    if (location.kind == LocationKind::Descriptor) writeStack("opened_at", location.allocated_at);
    writeVariable();
    if (context_.vtable != nullptr) json_.key("vtable_of").string(context_.vtable);
    if (context_.memory_name[0] != 0) json_.key("called").string(context_.memory_name);
    json_.endObject();
  }

  void writeVariable() {
    if (context_.variable == nullptr) return;
    const VariableView& variable = *context_.variable;
    json_.key("variable").beginObject();
    json_.key("path").string(variable.path);
    if (variable.function[0] != 0) json_.key("function").string(variable.function);
    if (variable.file[0] != 0) {
      json_.key("file").string(strippedPath(variable.file, context_.strip_path_prefix));
      json_.key("line").number(variable.line);
    }
    json_.endObject();
  }
};

}  // namespace

void writeRaceJson(const RaceReport& race, const ReportContext& context, TextWriter& out) {
  JsonReport(context, out).write(race);
  out.character('\n');
}

void writeSummaryJson(const ReportTotals& totals, TextWriter& out) {
  JsonWriter json(out);
  json.beginObject();
  json.key("schema").number(kJsonSchema);
  json.key("kind").string("summary");
  json.key("pid").number(totals.pid);
  json.key("races").number(totals.races);
  json.key("other_problems").number(totals.others);
  json.key("duplicates").number(totals.duplicates);
  json.key("suppressed").number(totals.suppressed);
  json.endObject();
  out.character('\n');
}

}  // namespace hindsight
