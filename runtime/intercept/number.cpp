// number.cpp - strtol, atof and the other functions that turn a string into a number.
//
// They read the string up to and including the byte after the number, and write the end pointer.
// A family member is two lines: the real call with an end pointer of our own, and the check.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/intercepted_call.h"

using namespace hindsight;

namespace {

/// Runs `parse(&end)` on `text` and records what it read and wrote. errno is the parser's.
template <class Character, class Parse>
auto parseNumber(uptr pc, const Character* text, Character** end_out, Parse parse) {
  Character* end = const_cast<Character*>(text);
  const auto value = parse(&end);
  InterceptedCall call(pc);
  if (!call.bypass()) {
    call.reads(text, (static_cast<size_t>(end - text) + 1) * sizeof(Character));
    if (end_out != nullptr) call.writes(end_out, sizeof *end_out);
  }
  if (end_out != nullptr) *end_out = end;
  return value;
}

constexpr char** kNoEnd = nullptr;

}  // namespace

#define HINDSIGHT_PARSE_INTEGER(type, name)                                              \
  HINDSIGHT_INTERCEPTOR type name(const char* text, char** end_out, int base) noexcept { \
    return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,                               \
                       [=](char** end) { return real.name(text, end, base); });          \
  }

#define HINDSIGHT_PARSE_REAL(type, name)                                       \
  HINDSIGHT_INTERCEPTOR type name(const char* text, char** end_out) noexcept { \
    return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,                     \
                       [=](char** end) { return real.name(text, end); });      \
  }

HINDSIGHT_PARSE_INTEGER(long, strtol)
HINDSIGHT_PARSE_INTEGER(unsigned long, strtoul)
HINDSIGHT_PARSE_INTEGER(long long, strtoll)
HINDSIGHT_PARSE_INTEGER(unsigned long long, strtoull)
HINDSIGHT_PARSE_INTEGER(long long, strtoq)
HINDSIGHT_PARSE_INTEGER(unsigned long long, strtouq)
HINDSIGHT_PARSE_INTEGER(intmax_t, strtoimax)
HINDSIGHT_PARSE_INTEGER(uintmax_t, strtoumax)
HINDSIGHT_PARSE_REAL(float, strtof)
HINDSIGHT_ALIAS(strtof32, strtof);
HINDSIGHT_PARSE_REAL(double, strtod)
HINDSIGHT_ALIAS(strtof64, strtod);
HINDSIGHT_ALIAS(strtof32x, strtod);
HINDSIGHT_PARSE_REAL(long double, strtold)
HINDSIGHT_ALIAS(strtof64x, strtold);

HINDSIGHT_INTERCEPTOR int atoi(const char* text) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, kNoEnd,
                     [=](char** end) { return static_cast<int>(real.strtol(text, end, 10)); });
}

HINDSIGHT_INTERCEPTOR long atol(const char* text) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, kNoEnd,
                     [=](char** end) { return real.strtol(text, end, 10); });
}

HINDSIGHT_INTERCEPTOR long long atoll(const char* text) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, kNoEnd,
                     [=](char** end) { return real.strtoll(text, end, 10); });
}

HINDSIGHT_INTERCEPTOR double atof(const char* text) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, kNoEnd,
                     [=](char** end) { return real.strtod(text, end); });
}
