#include "report/suppressions.h"

#include "base/arena.h"
#include "base/text.h"
#include "report/stack.h"

namespace hindsight {
namespace {

constexpr const char* kTypeNames[] = {"race",  "race_top", "called_from_lib", "thread",
                                      "mutex", "signal",   "deadlock",        "errno"};

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// The character behind `*text`. Between two `>` there may be a blank, or none: demanglers differ.
const char* behind(const char* text) {
  return text[0] == '>' && text[1] == ' ' && text[2] == '>' ? text + 2 : text + 1;
}

/// Whether `pattern` matches at the start of `text`. Classic backtracking to the last star: a
/// later star never needs an earlier one to move.
bool matchesHere(const char* pattern, const char* text) {
  const char* star = nullptr;
  const char* star_text = nullptr;
  for (;;) {
    if (*pattern == '*') {
      star = ++pattern;
      star_text = text;
    } else if (*pattern == 0 || (*pattern == '$' && pattern[1] == 0 && *text == 0)) {
      return true;
    } else if (*text != 0 && *pattern == *text) {
      pattern = behind(pattern);
      text = behind(text);
    } else if (star != nullptr && *star_text != 0) {
      pattern = star;
      text = star_text = behind(star_text);
    } else {
      return false;
    }
  }
}

bool matchesAccess(const Suppression& rule, const NamedStack& stack) {
  if (stack.empty()) return false;
  switch (rule.type) {
    case SuppressionType::Race:
      for (const NamedFrame& frame : stack)
        if (matchesFrame(rule.pattern, frame)) return true;
      return false;
    case SuppressionType::RaceTop: return matchesFrame(rule.pattern, *stack.begin());
    case SuppressionType::CalledFromLib:
      return matchesPattern(rule.pattern, stack.begin()->at->module);
    default: return false;
  }
}

}  // namespace

bool matchesPattern(const char* pattern, const char* text) {
  if (*pattern == 0 || *text == 0) return false;
  if (*pattern == '^') return matchesHere(pattern + 1, text);
  for (; *text != 0; ++text)
    if (matchesHere(pattern, text)) return true;
  return false;
}

bool matchesFrame(const char* pattern, const NamedFrame& frame) {
  return matchesPattern(pattern, frame.source->function) ||
         matchesPattern(pattern, frame.source->like_tsan) ||
         matchesPattern(pattern, frame.source->file) || matchesPattern(pattern, frame.at->module);
}

const char* suppressionTypeName(SuppressionType type) { return kTypeNames[static_cast<u8>(type)]; }

const char* Suppressions::add(const char* start, const char* end) {
  const char* colon = start;
  while (colon < end && *colon != ':') ++colon;
  u8 type = 0;
  constexpr u8 kTypes = sizeof(kTypeNames) / sizeof(kTypeNames[0]);
  while (type < kTypes && !textEqual(start, static_cast<size_t>(colon - start), kTypeNames[type]))
    ++type;
  const char* pattern = colon + (colon < end ? 1 : 0);
  while (pattern < end && isBlank(*pattern)) ++pattern;
  if (colon == end) return "no ':' after the type";
  if (type == kTypes) return "unknown type of suppression";
  if (pattern == end) return "nothing after the ':'";
  auto* rule = arenaNew<Suppression>();
  rule->next = nullptr;
  rule->type = static_cast<SuppressionType>(type);
  rule->pattern = copyText(pattern, static_cast<size_t>(end - pattern));
  *(end_ != nullptr ? end_ : &first_) = rule;
  end_ = &rule->next;
  return nullptr;
}

bool Suppressions::parse(const char* text, const char* file, TextWriter& error) {
  for (u32 line = 1; *text != 0; ++line) {
    while (isBlank(*text)) ++text;
    const char* start = text;
    while (*text != 0 && *text != '\n') ++text;
    const char* end = text;
    if (*text == '\n') ++text;
    while (end > start && isBlank(end[-1])) --end;
    if (start == end || *start == '#') continue;

    const char* const problem = add(start, end);
    if (problem != nullptr) {
      error.text(file).character(':').decimal(line).text(": ").text(problem).text(": '");
      error.text(start, static_cast<size_t>(end - start)).character('\'');
      return false;
    }
  }
  return true;
}

Suppression* Suppressions::match(const RaceReport& race, const SymbolSource& symbols) const {
  if (first_ == nullptr) return nullptr;
  const NamedStack current(race.current.stack, symbols);
  const NamedStack previous(race.previous.stack, symbols);
  const SymbolizedGlobal global = symbols.global(race.current.address);
  for (Suppression* rule = first_; rule != nullptr; rule = rule->next) {
    if (matchesAccess(*rule, current) || matchesAccess(*rule, previous)) return rule;
    if (rule->type == SuppressionType::Race && global.name != nullptr &&
        (matchesPattern(rule->pattern, global.name) ||
         matchesPattern(rule->pattern, global.module)))
      return rule;
  }
  return nullptr;
}

}  // namespace hindsight
