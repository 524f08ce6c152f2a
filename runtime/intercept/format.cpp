#include "intercept/format.h"

#include "intercept/real_calls.h"

namespace hindsight {
namespace {

enum class Length : u8 { None, Char, Short, Long, LongDouble };

struct Conversion {
  bool understood = true;
  bool suppressed = false;  // scanf's `*`
  bool allocates = false;   // scanf's `m`
  bool has_width = false, width_is_argument = false;
  bool has_precision = false, precision_is_argument = false;
  size_t width = 0, precision = 0;
  Length length = Length::None;
  char letter = '\0';
};

template <class Character>
bool isDigit(Character c) {
  return c >= '0' && c <= '9';
}

template <class Character>
bool contains(const char* set, Character c) {
  for (; *set != '\0'; ++set)
    if (static_cast<Character>(*set) == c) return true;
  return false;
}

/// Moves `at` past a run of digits.
template <class Character>
size_t parseNumber(const Character*& at) {
  size_t number = 0;
  for (; isDigit(*at); ++at) number = number * 10 + static_cast<size_t>(*at - '0');
  return number;
}

template <class Character>
Length parseLength(const Character*& at) {
  Length length = Length::None;
  switch (*at) {
    case 'h':
      length = at[1] == 'h' ? Length::Char : Length::Short;
      at += length == Length::Char ? 2 : 1;
      break;
    case 'l':
      length = at[1] == 'l' ? Length::LongDouble : Length::Long;
      at += at[1] == 'l' ? 2 : 1;
      break;
    case 'q':
    case 'L':
      length = Length::LongDouble;
      ++at;
      break;
    case 'j':
    case 'z':
    case 'Z':
    case 't':
      length = Length::Long;
      ++at;
      break;
    default: break;
  }
  return length;
}

constexpr const char* kPrintfFlags = "-+ #0'I";
constexpr const char* kScanfFlags = "*'I";

/// `at` stands behind the percent sign and ends up behind the letter. `flags` says whose format it
/// is: printf's `m` is a letter.
template <class Character>
Conversion parseConversion(const Character*& at, const char* flags) {
  Conversion result;
  for (; contains(flags, *at); ++at) result.suppressed |= *at == '*';
  if (*at == '*') {
    result.has_width = result.width_is_argument = true;
    ++at;
  } else if (isDigit(*at)) {
    result.has_width = true;
    result.width = parseNumber(at);
  }
  if (*at == '$') result.understood = false;
  if (*at == '.') {
    ++at;
    result.has_precision = true;
    if (*at == '*') {
      result.precision_is_argument = true;
      ++at;
    } else {
      result.precision = parseNumber(at);
    }
  }
  if (flags == kScanfFlags && *at == 'm' && at[1] != '\0' && contains("sc[SClh", at[1])) {
    result.allocates = true;
    ++at;
  }
  result.length = parseLength(at);
  result.letter = *at < 128 ? static_cast<char>(*at) : '\0';
  if (*at != '\0') ++at;
  return result;
}

size_t integerBytes(Length length) {
  switch (length) {
    case Length::Char: return 1;
    case Length::Short: return 2;
    case Length::None: return 4;
    default: return 8;
  }
}

size_t realBytes(Length length) {
  if (length == Length::LongDouble) return sizeof(long double);
  return length == Length::Long ? sizeof(double) : sizeof(float);
}

/// Characters of `text` before its terminator, or `limit`, and whether the terminator was seen.
template <class Character>
size_t charactersRead(const Character* text, size_t limit) {
  size_t length = 0;
  while (length < limit && text[length] != 0) ++length;
  return length < limit ? length + 1 : limit;
}

template <class Character>
void readsText(InterceptedCall& call, const Character* text, const Conversion& conversion) {
  if (text == nullptr) return;  // printed as "(null)"
  const size_t limit = conversion.has_precision ? conversion.precision : ~size_t{0};
  call.reads(text, charactersRead(text, limit) * sizeof(Character));
}

bool isWide(const Conversion& conversion) {
  return conversion.length == Length::Long || conversion.letter == 'S' || conversion.letter == 'C';
}

/// A list that a function takes arguments off for its caller: a va_list is passed by value on
/// AArch64.
struct ArgumentList {
  explicit ArgumentList(va_list arguments) { va_copy(list, arguments); }
  ~ArgumentList() { va_end(list); }
  ArgumentList(const ArgumentList&) = delete;
  ArgumentList& operator=(const ArgumentList&) = delete;
  va_list list;
};

/// Takes the conversion's argument off the list; false when its kind is not known.
bool checkPrinted(InterceptedCall& call, const Conversion& conversion, ArgumentList& arguments) {
  switch (conversion.letter) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
    case 'b':
    case 'B':
    case 'c':
    case 'C':
      // NOLINTNEXTLINE(bugprone-branch-clone): of different types
      if (integerBytes(conversion.length) == 8) {
        va_arg(arguments.list, long);
      } else {
        va_arg(arguments.list, int);
      }
      return true;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      // NOLINTNEXTLINE(bugprone-branch-clone): of different types
      if (conversion.length == Length::LongDouble) {
        va_arg(arguments.list, long double);
      } else {
        va_arg(arguments.list, double);
      }
      return true;
    case 's':
    case 'S':
      if (isWide(conversion)) {
        readsText(call, va_arg(arguments.list, const wchar_t*), conversion);
      } else {
        readsText(call, va_arg(arguments.list, const char*), conversion);
      }
      return true;
    case 'p': va_arg(arguments.list, void*); return true;
    case 'n':
      call.writes(va_arg(arguments.list, void*), integerBytes(conversion.length));
      return true;
    case 'm':
    case '%': return true;
    default: return false;
  }
}

/// Moves `at` behind a `[set]`; `at` stands behind the opening bracket.
template <class Character>
void skipSet(const Character*& at) {
  if (*at == '^') ++at;
  if (*at == ']') ++at;
  while (*at != '\0' && *at != ']') ++at;
  if (*at == ']') ++at;
}

/// Bytes that a conversion of this kind stored at `target`; 0 when the kind is not known.
size_t scannedBytes(const Conversion& conversion, const void* target) {
  if (conversion.allocates) return sizeof(char*);
  switch (conversion.letter) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
    case 'b':
    case 'n': return integerBytes(conversion.length);
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': return realBytes(conversion.length);
    case 'p': return sizeof(void*);
    case 'c':
    case 'C': {
      const size_t count = conversion.has_width ? conversion.width : 1;
      return count * (isWide(conversion) ? sizeof(wchar_t) : 1);
    }
    case 's':
    case 'S':
    case '[':
      if (isWide(conversion))
        return charactersRead(static_cast<const wchar_t*>(target), ~size_t{0}) * sizeof(wchar_t);
      return charactersRead(static_cast<const char*>(target), ~size_t{0});
    default: return 0;
  }
}

}  // namespace

namespace {

template <class Character>
void walkPrintf(InterceptedCall& call, const Character* format, va_list list) {
  ArgumentList arguments(list);
  call.reads(format, charactersRead(format, ~size_t{0}) * sizeof(Character));
  for (const Character* at = format; *at != '\0';) {
    if (*at++ != '%') continue;
    Conversion conversion = parseConversion(at, kPrintfFlags);
    if (!conversion.understood) return;
    if (conversion.width_is_argument) va_arg(arguments.list, int);
    if (conversion.precision_is_argument) {
      const int precision = va_arg(arguments.list, int);
      conversion.has_precision = precision >= 0;
      conversion.precision = precision >= 0 ? static_cast<size_t>(precision) : 0;
    }
    if (!checkPrinted(call, conversion, arguments)) return;
  }
}

/// The arguments of a format that numbers them, as many as are looked at.
struct NumberedArguments {
  static constexpr size_t kMost = 64;
  int types[kMost];
  const void* pointers[kMost];  // null where the argument is none
  int integers[kMost];
  size_t count;
};

/// Takes the arguments off the list by the types that glibc says they have. Of those that the
/// format leaves out it says nothing, and takes them for integers.
void takeArguments(const char* format, va_list arguments, NumberedArguments& out) {
  for (int& type : out.types) type = PA_INT;
  out.count = real.parse_printf_format(format, NumberedArguments::kMost, out.types);
  if (out.count > NumberedArguments::kMost) out.count = 0;
  for (size_t i = 0; i < out.count; ++i) {
    const int type = out.types[i], base = type & ~PA_FLAG_MASK;
    out.pointers[i] = nullptr;
    out.integers[i] = 0;
    if ((type & PA_FLAG_PTR) != 0 || base == PA_POINTER || base == PA_STRING || base == PA_WSTRING)
      out.pointers[i] = va_arg(arguments, const void*);
    else if (base == PA_DOUBLE && (type & PA_FLAG_LONG_DOUBLE) != 0)
      // NOLINTNEXTLINE(bugprone-branch-clone): of different types
      va_arg(arguments, long double);
    else if (base == PA_DOUBLE || base == PA_FLOAT)
      va_arg(arguments, double);
    else if ((type & (PA_FLAG_LONG | PA_FLAG_LONG_LONG)) != 0)
      va_arg(arguments, long);
    else
      out.integers[i] = va_arg(arguments, int);
  }
}

/// `*m$`: the argument that says how wide or how precise. `at` stands behind the star.
bool takeReference(const char*& at, const NumberedArguments& arguments, size_t& number) {
  const size_t index = parseNumber(at);
  if (*at != '$' || index == 0 || index > arguments.count) return false;
  ++at;
  number = static_cast<size_t>(max(arguments.integers[index - 1], 0));
  return true;
}

/// One `%n$...`; `at` stands behind the percent sign. False if it is not understood.
bool checkNumbered(InterceptedCall& call, const char*& at, const NumberedArguments& arguments) {
  const size_t index = parseNumber(at);
  if (*at != '$' || index == 0 || index > arguments.count) return false;
  ++at;
  Conversion conversion;
  while (contains(kPrintfFlags, *at)) ++at;
  if (*at == '*') {
    if (!takeReference(++at, arguments, conversion.width)) return false;
  } else {
    parseNumber(at);
  }
  if (*at == '.') {
    conversion.has_precision = true;
    if (*++at == '*') {
      if (!takeReference(++at, arguments, conversion.precision)) return false;
    } else {
      conversion.precision = parseNumber(at);
    }
  }
  conversion.length = parseLength(at);
  conversion.letter = *at;
  if (*at != '\0') ++at;
  const void* const pointer = arguments.pointers[index - 1];
  if (conversion.letter == 'n' && pointer != nullptr)
    call.writes(pointer, integerBytes(conversion.length));
  if (conversion.letter != 's' && conversion.letter != 'S') return true;
  if (isWide(conversion))
    readsText(call, static_cast<const wchar_t*>(pointer), conversion);
  else
    readsText(call, static_cast<const char*>(pointer), conversion);
  return true;
}

/// Whether some conversion begins with the number of its argument.
bool isNumbered(const char* format) {
  while (*format != '\0') {
    if (*format++ != '%') continue;
    if (isDigit(*format)) {
      parseNumber(format);
      if (*format == '$') return true;
    } else if (*format == '%') {
      ++format;
    }
  }
  return false;
}

void walkNumbered(InterceptedCall& call, const char* format, va_list arguments) {
  NumberedArguments taken;
  takeArguments(format, arguments, taken);
  call.reads(format, charactersRead(format, ~size_t{0}));
  for (const char* at = format; *at != '\0';) {
    if (*at++ != '%') continue;
    if (*at == '%' || *at == 'm')
      ++at;
    else if (!checkNumbered(call, at, taken))
      return;
  }
}

template <class Character>
void walkScanf(InterceptedCall& call, const Character* format, va_list arguments, int assigned) {
  call.reads(format, charactersRead(format, ~size_t{0}) * sizeof(Character));
  for (const Character* at = format; *at != '\0';) {
    if (*at++ != '%') continue;
    const Conversion conversion = parseConversion(at, kScanfFlags);
    if (!conversion.understood) return;
    if (conversion.letter == '[') skipSet(at);
    if (conversion.letter == '%' || conversion.suppressed) continue;
    // `%n` does not count as assigned; one behind the last assignment may not have been reached.
    if (conversion.letter != 'n' && assigned-- <= 0) return;
    if (conversion.letter == 'n' && assigned <= 0) return;
    void* target = va_arg(arguments, void*);
    const size_t bytes = scannedBytes(conversion, target);
    if (bytes == 0) return;
    call.writes(target, bytes);
  }
}

}  // namespace

void checkPrintf(InterceptedCall& call, const char* format, va_list arguments) {
  if (!mayLook(format)) return;
  if (HINDSIGHT_UNLIKELY(isNumbered(format))) return walkNumbered(call, format, arguments);
  walkPrintf(call, format, arguments);
}

void checkPrintf(InterceptedCall& call, const wchar_t* format, va_list arguments) {
  if (mayLook(format)) walkPrintf(call, format, arguments);
}

void checkScanf(InterceptedCall& call, const char* format, va_list arguments, int assigned) {
  if (mayLook(format)) walkScanf(call, format, arguments, assigned);
}

void checkScanf(InterceptedCall& call, const wchar_t* format, va_list arguments, int assigned) {
  if (mayLook(format)) walkScanf(call, format, arguments, assigned);
}

}  // namespace hindsight
