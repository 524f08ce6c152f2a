#include "report/json_report.h"

namespace hindsight {

void JsonReportParts::writeHead(const char* kind) {
  json_.key("schema").number(kJsonSchema);
  json_.key("kind").string(kind);
  json_.key("pid").number(context_.pid);
  TextWriter fingerprint;
  fingerprint.hexDigits(context_.fingerprint, 16);
  json_.key("fingerprint").string(fingerprint.data());
}

void JsonReportParts::writeThreadId(const ThreadView& thread) {
  if (thread.id == kUnknownThread)
    json_.null();
  else
    json_.number(thread.id);
}

void JsonReportParts::writeThread(const ThreadView& thread) {
  if (thread.id == kUnknownThread) return;
  json_.beginObject();
  json_.key("id").number(thread.id);
  json_.key("name").string(thread.name != nullptr ? thread.name : "");
  json_.key("main").boolean(thread.id == 0);
  json_.key("finished").boolean(thread.finished);
  if (thread.id != 0) {
    json_.key("creator").number(thread.creator_id);
    writeStack("created_at", thread.created_at);
  }
  json_.endObject();
}

void JsonReportParts::writeStack(const char* key, const StackView& view) {
  json_.key(key).beginArray();
  for (const NamedFrame& frame : NamedStack(view, context_.symbols)) writeFrame(frame);
  json_.endArray();
}

void JsonReportParts::writeFrame(const NamedFrame& frame) {
  const SymbolizedPc& at = *frame.at;
  const SourceFrame& source = *frame.source;
  json_.beginObject();
  json_.key("function").string(source.function);
  json_.key("file").string(strippedPath(source.file, context_.strip_path_prefix));
  json_.key("line").number(source.line);
  json_.key("inlined").boolean(&source != &at.frames[at.count - 1]);
  json_.key("pc").hexString(at.pc);
  json_.key("function_offset").number(at.function_offset);
  json_.key("module").string(strippedPath(at.module, context_.strip_path_prefix));
  json_.key("module_offset").hexString(at.module_offset);
  if (at.foreign) json_.key("uninstrumented").boolean(true);
  json_.endObject();
}

}  // namespace hindsight
