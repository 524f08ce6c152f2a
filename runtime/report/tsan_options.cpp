#include "report/tsan_options.h"

#include "base/text.h"

namespace hindsight {
namespace {

bool isSeparator(char c) { return c == ' ' || c == ',' || c == ':' || (c >= '\t' && c <= '\r'); }

constexpr const char* kShared[] = {
    "halt_on_error",
    "exitcode",
    "log_path",
    "suppressions",
    "print_suppressions",
    "atexit_sleep_ms",
    "strip_path_prefix",
    "history_size",
    "verbosity",
    "color",
    "report_mutex_bugs",
    "detect_deadlocks",
    "report_thread_leaks",
    "report_signal_unsafe",
};

bool isShared(const char* name, size_t length) {
  for (const char* shared : kShared)
    if (textEqual(name, length, shared)) return true;
  return false;
}

/// One option in our spelling.
bool apply(const char* name, size_t name_length, const char* value, size_t value_length,
           Flags& flags) {
  char quote = '"';
  for (size_t i = 0; i < value_length; ++i)
    if (value[i] == '"') quote = '\'';
  TextWriter option, error;
  option.text(name, name_length).character('=').character(quote);
  option.text(value, value_length).character(quote);
  return parseFlagText(option.data(), flags, error);
}

}  // namespace

void parseTsanOptions(const char* text, Flags& flags, TextWriter& passed_over) {
  for (;;) {
    while (isSeparator(*text)) ++text;
    if (*text == 0) return;
    const char* const name = text;
    while (*text != 0 && *text != '=' && !isSeparator(*text)) ++text;
    const auto name_length = static_cast<size_t>(text - name);
    const bool has_value = *text == '=';
    if (has_value) ++text;
    const char quote = has_value && (*text == '\'' || *text == '"') ? *text++ : '\0';
    const char* const value = text;
    while (*text != 0 && (quote != 0 ? *text != quote : !isSeparator(*text))) ++text;
    const auto value_length = static_cast<size_t>(text - value);
    if (quote != 0 && *text == quote) ++text;
    if (!has_value || !isShared(name, name_length) ||
        !apply(name, name_length, value, value_length, flags))
      passed_over.text(name, name_length).character('\n');
  }
}

}  // namespace hindsight
