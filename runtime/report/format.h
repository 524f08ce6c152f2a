// format.h - the two spellings of a race: text in the layout of Go's race detector, and JSON.
//
// Text: sections with a blank line between them, a stack under each, two spaces before a function
// and six before its `file:line +0xoffset`. The sections that Go has come first, in Go's words;
// what Go lacks (locks, location, sizes, fingerprint) follows in the same style.
//
// JSON: one object on one line. "schema" is kJsonSchema, raised with every change that is not a
// mere addition. Addresses and fingerprints are strings, as they do not fit JSON numbers.
//
// Thread safety: none. Allocation: temporary, and the writer's.
#pragma once

#include "base/text_writer.h"
#include "report/race_report.h"
#include "report/symbolizer.h"

namespace hindsight {

inline constexpr u32 kJsonSchema = 1;

/// A variable of the program's that holds the raced bytes, from debug information.
struct VariableView {
  const char* path;      // with element and member: `table[3].count`
  const char* function;  // that it is local to; "" if it is not
  const char* file;      // of its declaration; "" if unknown
  u64 line;              // 0 if unknown
};

/// What a spelling needs to know besides the race itself.
struct ReportContext {
  const SymbolSource& symbols;
  const char* strip_path_prefix;
  u64 fingerprint;
  const char* memory_name;                 // given by the program to the raced address; "" if none
  bool color;                              // text only
  u64 pid;                                 // JSON only
  const char* vtable = nullptr;            // the class whose virtual table the raced word points to
  const VariableView* variable = nullptr;  // null: not known
};

struct ReportTotals {
  u64 races;       // printed
  u64 others;      // printed reports of other problems
  u64 duplicates;  // folded into a printed one
  u64 suppressed;
  u64 pid;
};

void writeRaceText(const RaceReport& race, const ReportContext& context, TextWriter& out);
void writeRaceJson(const RaceReport& race, const ReportContext& context, TextWriter& out);
void writeSummaryText(const ReportTotals& totals, TextWriter& out);
void writeSummaryJson(const ReportTotals& totals, TextWriter& out);

/// `path` without `prefix` and without the slash that is left in front.
const char* strippedPath(const char* path, const char* prefix);

}  // namespace hindsight
