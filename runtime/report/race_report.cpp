#include "report/race_report.h"

#include "base/flags.h"
#include "base/spin_lock.h"
#include "base/text_writer.h"
#include "platform/syscalls.h"
#include "report/finding.h"
#include "report/fingerprint.h"
#include "report/format.h"
#include "report/memory_names.h"
#include "report/options.h"
#include "report/output.h"
#include "report/race_set.h"
#include "report/stack.h"
#include "report/variables.h"
#include "report/vtable.h"

namespace hindsight {
namespace {

struct Reporter {
  SpinLock lock;
  RaceSet seen;
  u64 races = 0;   // also read without the lock
  u64 others = 0;  // likewise
  u64 duplicates = 0;
  u64 suppressed = 0;
  bool hint_given = false;
};

constinit Reporter g_reporter;

ReportTotals totals() {
  return {g_reporter.races, g_reporter.others, g_reporter.duplicates, g_reporter.suppressed,
          static_cast<u64>(sysGetpid())};
}

bool useColor() {
  if (flags().color == Color::Auto) return outputIsTerminal();
  return flags().color == Color::Always;
}

bool countSuppressed(Suppression* suppression) {
  ++suppression->matches;
  ++g_reporter.suppressed;
  return false;
}

bool countDuplicate() {
  ++g_reporter.duplicates;
  return flags().report_duplicates;
}

bool shouldPrintAgain(const RaceSet::Entry& known, u64* fingerprint) {
  *fingerprint = known.fingerprint;
  return known.suppression != nullptr ? countSuppressed(known.suppression) : countDuplicate();
}

/// Decides what becomes of `race`, and remembers it. Names are looked up only for races whose
/// program counters are new.
bool shouldPrint(const RaceReport& race, const SymbolSource& symbols, u64* fingerprint) {
  const u64 identity = raceIdentity(race, symbols);
  if (const RaceSet::Entry* known = g_reporter.seen.find(identity))
    return shouldPrintAgain(*known, fingerprint);

  Suppression* suppression = suppressions().match(race, symbols);
  *fingerprint = raceFingerprint(race, symbols);
  g_reporter.seen.add({identity, *fingerprint, suppression});
  if (suppression != nullptr) return countSuppressed(suppression);
  // `++x` is a race of the read and one of the write: the same place, the same address.
  const u64 place = hashNumber(racePlaceFingerprint(race, symbols), race.current.address);
  const bool is_new_place = g_reporter.seen.add({place, *fingerprint, nullptr});
  const bool is_new = g_reporter.seen.add({*fingerprint, *fingerprint, nullptr});
  return (is_new && is_new_place) || countDuplicate();
}

/// The same for other problems.
bool shouldPrint(const Finding& finding, const SymbolSource& symbols, u64* fingerprint) {
  const u64 identity = findingIdentity(finding);
  if (const RaceSet::Entry* known = g_reporter.seen.find(identity))
    return shouldPrintAgain(*known, fingerprint);
  Suppression* suppression = matchFinding(suppressions(), finding, symbols);
  *fingerprint = findingFingerprint(finding, symbols);
  g_reporter.seen.add({identity, *fingerprint, suppression});
  if (suppression != nullptr) return countSuppressed(suppression);
  return g_reporter.seen.add({*fingerprint, *fingerprint, nullptr}) || countDuplicate();
}

/// "Compile with -g", once, for the first access whose module has no line numbers.
void writeHint(const StackView& view, const SymbolSource& symbols, TextWriter& out) {
  const NamedStack stack(view, symbols);
  if (g_reporter.hint_given || stack.empty() || stack.begin()->source->file[0] != 0) return;
  const char* module = stack.begin()->at->module;
  if (module[0] == 0) return;
  g_reporter.hint_given = true;
  out.text("Hint: ").text(strippedPath(module, flags().strip_path_prefix));
  out.text(" has no line numbers; compile and link it with -g to see source lines.\n");
}

void writeRace(const RaceReport& race, const SymbolSource& symbols, u64 fingerprint,
               TextWriter& out) {
  char memory_name[kMemoryNameBytes];
  if (!findMemoryName(race.current.address, memory_name)) memory_name[0] = 0;
  VariableText found;
  findVariable(race, found);
  const VariableView variable = {found.path.data(), found.function.data(), found.file.data(),
                                 found.line};
  const ReportContext context = {symbols,
                                 flags().strip_path_prefix,
                                 fingerprint,
                                 memory_name,
                                 useColor(),
                                 static_cast<u64>(sysGetpid()),
                                 racedVtable(race, symbols),
                                 found.path.size() != 0 ? &variable : nullptr};
  if (flags().log_format == LogFormat::Json) {
    writeRaceJson(race, context, out);
  } else {
    writeRaceText(race, context, out);
    writeHint(race.current.stack, symbols, out);
    writeHint(race.previous.stack, symbols, out);
  }
}

void writeFinding(const Finding& finding, const SymbolSource& symbols, u64 fingerprint,
                  TextWriter& out) {
  const ReportContext context = {symbols,    flags().strip_path_prefix,    fingerprint, "",
                                 useColor(), static_cast<u64>(sysGetpid())};
  if (flags().log_format == LogFormat::Json) {
    writeFindingJson(finding, context, out);
  } else {
    writeFindingText(finding, context, out);
    if (finding.part_count != 0) writeHint(finding.parts[0].stack, symbols, out);
  }
}

void writeMatchedSuppressions(TextWriter& out) {
  for (const Suppression* rule = suppressions().begin(); rule != nullptr; rule = rule->next) {
    if (rule->matches == 0) continue;
    out.text("Suppressed ").decimal(rule->matches).text(" report(s) by ");
    out.text(suppressionTypeName(rule->type)).character(':').text(rule->pattern).character('\n');
  }
}

void printSummaryLocked() {
  TextWriter out;
  if (flags().print_suppressions && flags().log_format == LogFormat::Text)
    writeMatchedSuppressions(out);
  if (flags().log_format == LogFormat::Text)
    writeSummaryText(totals(), out);
  else if (g_reporter.races + g_reporter.others + g_reporter.suppressed > 0)
    writeSummaryJson(totals(), out);
  if (out.size() > 0) writeOutput(out.data(), out.size());
}

}  // namespace

constinit void (*death_callback)() = nullptr;
constinit const RaceReport* told_report = nullptr;

bool describeRace(const RaceReport& race, TextWriter& out) {
  const SymbolSource& symbols = processSymbols();
  SpinLockGuard guard(g_reporter.lock);
  rememberModules();
  u64 fingerprint;
  if (!shouldPrint(race, symbols, &fingerprint)) return false;
  __atomic_store_n(&g_reporter.races, g_reporter.races + 1, __ATOMIC_RELAXED);
  writeRace(race, symbols, fingerprint, out);
  return true;
}

bool printRace(const RaceReport& race) {
  TextWriter out;
  if (!describeRace(race, out)) return false;
  writeOutput(out.data(), out.size());
  return true;
}

bool describeFinding(const Finding& finding, TextWriter& out) {
  const SymbolSource& symbols = processSymbols();
  SpinLockGuard guard(g_reporter.lock);
  rememberModules();
  u64 fingerprint;
  if (!shouldPrint(finding, symbols, &fingerprint)) return false;
  __atomic_store_n(&g_reporter.others, g_reporter.others + 1, __ATOMIC_RELAXED);
  writeFinding(finding, symbols, fingerprint, out);
  return true;
}

void haltIfAsked() {
  if (!flags().halt_on_error) return;
  if (death_callback != nullptr) death_callback();
  printSummary();
  sysExitGroup(flags().exitcode);
}

u64 raceCount() { return __atomic_load_n(&g_reporter.races, __ATOMIC_RELAXED); }

u64 reportCount() { return raceCount() + __atomic_load_n(&g_reporter.others, __ATOMIC_RELAXED); }

void forgetRacesOfParent() {
  // Nobody else is there: fork waits until no thread is inside the runtime.
  g_reporter.seen.clear();
  g_reporter.races = g_reporter.others = g_reporter.duplicates = g_reporter.suppressed = 0;
}

void printSummary() {
  SpinLockGuard guard(g_reporter.lock);
  printSummaryLocked();
}

}  // namespace hindsight
