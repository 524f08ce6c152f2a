#include "base/flags.h"

namespace hindsight {
namespace {

constinit Flags g_flags;

enum class FlagType : u8 { Bool, Int, Text, Choice };

struct FlagInfo {
  const char* name;
  FlagType type;
  size_t offset;  // in Flags
  int lowest, highest;
  const char* spellings;  // of a choice: "a|b|c", in the enumerators' order
  const char* meaning;
};

// Choices are stored through a byte, see setFlag.
#define BOOL(name, initial, text)
#define INT(name, initial, lowest, highest, text) \
  static_assert((lowest) <= (initial) && (initial) <= (highest), #name);
#define TEXT(name, initial, text)
#define CHOICE(name, type, initial, spellings, text) static_assert(sizeof(type) == 1, #name);
#include "base/flags.def"
#undef BOOL
#undef INT
#undef TEXT
#undef CHOICE

#define BOOL(name, initial, text) \
  {#name, FlagType::Bool, offsetof(Flags, name), 0, 1, nullptr, text},
#define INT(name, initial, lowest, highest, text) \
  {#name, FlagType::Int, offsetof(Flags, name), lowest, highest, nullptr, text},
#define TEXT(name, initial, text) \
  {#name, FlagType::Text, offsetof(Flags, name), 0, 0, nullptr, text},
#define CHOICE(name, type, initial, spellings, text) \
  {#name, FlagType::Choice, offsetof(Flags, name), 0, 0, spellings, text},
constexpr FlagInfo kFlags[] = {
#include "base/flags.def"
};
#undef BOOL
#undef INT
#undef TEXT
#undef CHOICE

/// A piece of the option text.
struct Span {
  const char* start;
  size_t length;
};

bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

template <class T>
T& member(Flags& flags, const FlagInfo& flag) {
  return *reinterpret_cast<T*>(reinterpret_cast<char*>(&flags) + flag.offset);
}
template <class T>
const T& member(const Flags& flags, const FlagInfo& flag) {
  return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(&flags) + flag.offset);
}

/// The spelling at `index` of "a|b|c"; length 0 past the last.
Span spelling(const char* spellings, u32 index) {
  for (; index > 0 && *spellings != 0; ++spellings)
    if (*spellings == '|') --index;
  size_t length = 0;
  while (spellings[length] != 0 && spellings[length] != '|') ++length;
  return {spellings, length};
}

bool parseInt(Span value, int lowest, int highest, int& out) {
  const bool negative = value.length > 0 && value.start[0] == '-';
  size_t i = negative ? 1 : 0;
  if (i == value.length) return false;
  sptr number = 0;
  for (; i < value.length; ++i) {
    if (value.start[i] < '0' || value.start[i] > '9') return false;
    number = number * 10 + (value.start[i] - '0');
    if (number > 0x7fffffff) return false;
  }
  if (negative) number = -number;
  if (number < lowest || number > highest) return false;
  out = static_cast<int>(number);
  return true;
}

bool parseChoice(Span value, const char* spellings, u8& out) {
  for (u8 index = 0;; ++index) {
    const Span name = spelling(spellings, index);
    if (name.length == 0) return false;
    if (name.length != value.length) continue;
    if (textFind(name.start, value.start, value.length) == name.start) {
      out = index;
      return true;
    }
  }
}

bool parseBool(Span value, bool& out) {
  u8 index;
  if (!parseChoice(value, "0|1|false|true|no|yes", index)) return false;
  out = index % 2 == 1;
  return true;
}

bool setFlag(Flags& flags, const FlagInfo& flag, Span value) {
  switch (flag.type) {
    case FlagType::Bool: return parseBool(value, member<bool>(flags, flag));
    case FlagType::Int: return parseInt(value, flag.lowest, flag.highest, member<int>(flags, flag));
    case FlagType::Text:
      member<const char*>(flags, flag) = copyText(value.start, value.length);
      return true;
    case FlagType::Choice: return parseChoice(value, flag.spellings, member<u8>(flags, flag));
  }
  return false;
}

void writeExpected(const FlagInfo& flag, TextWriter& out) {
  switch (flag.type) {
    case FlagType::Bool: out.text("0 or 1"); break;
    case FlagType::Int:
      out.text("a number from ").signedDecimal(flag.lowest);
      out.text(" to ").signedDecimal(flag.highest);
      break;
    case FlagType::Text: out.text("text"); break;
    case FlagType::Choice:
      for (u32 index = 0;; ++index) {
        const Span name = spelling(flag.spellings, index);
        if (name.length == 0) break;
        if (index > 0) out.text(spelling(flag.spellings, index + 1).length == 0 ? " or " : ", ");
        out.text(name.start, name.length);
      }
  }
}

void writeValue(const Flags& flags, const FlagInfo& flag, TextWriter& out) {
  switch (flag.type) {
    case FlagType::Bool: out.decimal(member<bool>(flags, flag) ? 1 : 0); break;
    case FlagType::Int: out.signedDecimal(member<int>(flags, flag)); break;
    case FlagType::Text: out.text(member<const char*>(flags, flag)); break;
    case FlagType::Choice: {
      const Span name = spelling(flag.spellings, member<u8>(flags, flag));
      out.text(name.start, name.length);
    }
  }
}

const FlagInfo* findFlag(Span name) {
  for (const FlagInfo& flag : kFlags)
    if (textEqual(name.start, name.length, flag.name)) return &flag;
  return nullptr;
}

/// Cuts one `name=value` off `text`. False at a value whose quote is never closed.
bool nextOption(const char*& text, Span& name, Span& value, bool& has_value) {
  name = {text, 0};
  while (*text != 0 && *text != '=' && !isSpace(*text)) ++text, ++name.length;
  has_value = *text == '=';
  value = {text, 0};
  if (!has_value) return true;
  ++text;
  const char quote = *text == '\'' || *text == '"' ? *text : '\0';
  if (quote != 0) ++text;
  value.start = text;
  while (*text != 0 && (quote != 0 ? *text != quote : !isSpace(*text))) ++text, ++value.length;
  if (quote == 0) return true;
  if (*text != quote) return false;
  ++text;
  return *text == 0 || isSpace(*text);
}

}  // namespace

const Flags& flags() { return g_flags; }
Flags& mutableFlags() { return g_flags; }

bool parseFlagText(const char* text, Flags& flags, TextWriter& error) {
  for (;;) {
    while (isSpace(*text)) ++text;
    if (*text == 0) return true;
    Span name, value;
    bool has_value;
    const bool closed = nextOption(text, name, value, has_value);
    const FlagInfo* flag = findFlag(name);
    if (flag == nullptr) {
      error.text("unknown option '").text(name.start, name.length).text("'");
      return false;
    }
    if (!closed) {
      error.text("option '").text(flag->name).text("': the quoted value does not end");
      return false;
    }
    if (has_value && setFlag(flags, *flag, value)) continue;
    error.text("option '").text(flag->name).text("' ");
    if (has_value)
      error.text("cannot be '").text(value.start, value.length).text("'");
    else
      error.text("has no value");
    error.text("; expected ");
    writeExpected(*flag, error);
    return false;
  }
}

void writeFlagHelp(const Flags& flags, TextWriter& out) {
  out.text("Options of Hindsight, in the environment: HINDSIGHT=\"name=value name=value ...\"\n");
  for (const FlagInfo& flag : kFlags) {
    out.text("\n  ").text(flag.name).text(" (").text("now '");
    writeValue(flags, flag, out);
    out.text("'; ");
    writeExpected(flag, out);
    out.text(")\n      ").text(flag.meaning).character('\n');
  }
}

void writeFlagMarkdown(TextWriter& out) {
  static constexpr Flags kDefaults;
  out.text(
      "# Options\n\n"
      "Set in the environment variable `HINDSIGHT`, as `name=value` separated by spaces; a value "
      "with spaces goes between quotes. A program may define "
      "`const char* __hindsight_default_options()`; the variable wins over it. "
      "An option that is unknown, malformed or out of range stops the program before `main` with "
      "exit status 2.\n\n"
      "This page is what `HINDSIGHT=help=markdown` prints.\n\n"
      "| option | default | values | meaning |\n|---|---|---|---|\n");
  for (const FlagInfo& flag : kFlags) {
    out.text("| `").text(flag.name).text("` | `");
    const size_t before = out.size();
    writeValue(kDefaults, flag, out);
    if (out.size() == before) out.text("\"\"");
    out.text("` | ");
    writeExpected(flag, out);
    out.text(" | ").text(flag.meaning).text(" |\n");
  }
}

}  // namespace hindsight
