// suppressions.h - reports that the user does not want to see.
//
// One rule a line, `type:pattern`; empty lines and lines that begin with # are skipped. The format
// and the meaning are ThreadSanitizer's:
//   race:             a function, file or module in the stack of either access, or the name or
//                     module of the global variable
//   race_top:         the same, innermost function of either access only
//   called_from_lib:  the module that holds the innermost function of either access
//   mutex: deadlock: thread: signal: errno:   the same for problems other than races (finding.h): a
//                     function, file or module in any of the stacks, or the name of a global lock
// A pattern matches anywhere in a name; `*` stands for any text, `^` and `$` for the ends. Of a
// function, both the name in our reports and the one in ThreadSanitizer's count: `f()` and `f`,
// `put<int>(int)` and `void put<int>(int)`. `> >` and `>>` are the same.
//
// Thread safety: written before main, then matched under the report lock. Allocation: arena.
#pragma once

#include "base/text_writer.h"
#include "report/race_report.h"
#include "report/stack.h"
#include "report/symbolizer.h"

namespace hindsight {

enum class SuppressionType : u8 {
  Race,
  RaceTop,
  CalledFromLib,
  Thread,
  Mutex,
  Signal,
  Deadlock,
  Errno
};

struct Suppression {
  Suppression* next;
  SuppressionType type;
  const char* pattern;
  u64 matches;
};

class Suppressions {
 public:
  constexpr Suppressions() = default;

  /// Adds the rules in `text`. False at the first bad line: `error` then says which, with `file`.
  bool parse(const char* text, const char* file, TextWriter& error);
  /// The first rule that covers `race`, null if there is none. Does not count the match.
  Suppression* match(const RaceReport& race, const SymbolSource& symbols) const;
  bool empty() const { return first_ == nullptr; }
  const Suppression* begin() const { return first_; }
  Suppression* first() const { return first_; }

 private:
  /// Adds the rule [start, end). Returns what is wrong with it, or null.
  const char* add(const char* start, const char* end);

  Suppression* first_ = nullptr;
  Suppression** end_ = nullptr;
};

/// Whether `pattern` matches somewhere in `text`, as described above.
bool matchesPattern(const char* pattern, const char* text);
/// Whether `pattern` matches the frame's function, file or module.
bool matchesFrame(const char* pattern, const NamedFrame& frame);
/// "race", "race_top", ...
const char* suppressionTypeName(SuppressionType type);

}  // namespace hindsight
