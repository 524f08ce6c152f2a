// number_more.cpp - strtol and strtod with a locale, for wide strings, and under their internal
// names.
//
// As in number.cpp: read up to and including the character after the number; the end pointer is
// written.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

namespace {

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

}  // namespace

HINDSIGHT_INTERCEPTOR long strtol_l(const char* text, char** end_out, int base,
                                    locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.strtol_l(text, end, base, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::strtol_l) __strtol_l, strtol_l);

HINDSIGHT_INTERCEPTOR long __strtol_internal(const char* text, char** end_out, int base,
                                             int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.__strtol_internal(text, end, base, group); });
}

HINDSIGHT_INTERCEPTOR long wcstol(const wchar_t* text, wchar_t** end_out, int base) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstol(text, end, base); });
}

HINDSIGHT_INTERCEPTOR long wcstol_l(const wchar_t* text, wchar_t** end_out, int base,
                                    locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstol_l(text, end, base, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstol_l) __wcstol_l, wcstol_l);

HINDSIGHT_INTERCEPTOR long __wcstol_internal(const wchar_t* text, wchar_t** end_out, int base,
                                             int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.__wcstol_internal(text, end, base, group); });
}

HINDSIGHT_INTERCEPTOR unsigned long strtoul_l(const char* text, char** end_out, int base,
                                              locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.strtoul_l(text, end, base, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::strtoul_l) __strtoul_l, strtoul_l);

HINDSIGHT_INTERCEPTOR unsigned long __strtoul_internal(const char* text, char** end_out, int base,
                                                       int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.__strtoul_internal(text, end, base, group); });
}

HINDSIGHT_INTERCEPTOR unsigned long wcstoul(const wchar_t* text, wchar_t** end_out,
                                            int base) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstoul(text, end, base); });
}

HINDSIGHT_INTERCEPTOR unsigned long wcstoul_l(const wchar_t* text, wchar_t** end_out, int base,
                                              locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstoul_l(text, end, base, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstoul_l) __wcstoul_l, wcstoul_l);

HINDSIGHT_INTERCEPTOR unsigned long __wcstoul_internal(const wchar_t* text, wchar_t** end_out,
                                                       int base, int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out, [=](wchar_t** end) {
    return real.__wcstoul_internal(text, end, base, group);
  });
}

HINDSIGHT_INTERCEPTOR long long strtoll_l(const char* text, char** end_out, int base,
                                          locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.strtoll_l(text, end, base, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::strtoll_l) __strtoll_l, strtoll_l);

HINDSIGHT_INTERCEPTOR long long __strtoll_internal(const char* text, char** end_out, int base,
                                                   int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.__strtoll_internal(text, end, base, group); });
}

HINDSIGHT_INTERCEPTOR long long wcstoll(const wchar_t* text, wchar_t** end_out, int base) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstoll(text, end, base); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstoq) wcstoq, wcstoll);
HINDSIGHT_ALIAS_AS(decltype(::wcstoimax) wcstoimax, wcstoll);

HINDSIGHT_INTERCEPTOR long long wcstoll_l(const wchar_t* text, wchar_t** end_out, int base,
                                          locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstoll_l(text, end, base, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstoll_l) __wcstoll_l, wcstoll_l);

HINDSIGHT_INTERCEPTOR long long __wcstoll_internal(const wchar_t* text, wchar_t** end_out, int base,
                                                   int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out, [=](wchar_t** end) {
    return real.__wcstoll_internal(text, end, base, group);
  });
}

HINDSIGHT_INTERCEPTOR unsigned long long strtoull_l(const char* text, char** end_out, int base,
                                                    locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.strtoull_l(text, end, base, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::strtoull_l) __strtoull_l, strtoull_l);

HINDSIGHT_INTERCEPTOR unsigned long long __strtoull_internal(const char* text, char** end_out,
                                                             int base, int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.__strtoull_internal(text, end, base, group); });
}

HINDSIGHT_INTERCEPTOR unsigned long long wcstoull(const wchar_t* text, wchar_t** end_out,
                                                  int base) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstoull(text, end, base); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstouq) wcstouq, wcstoull);
HINDSIGHT_ALIAS_AS(decltype(::wcstoumax) wcstoumax, wcstoull);

HINDSIGHT_INTERCEPTOR unsigned long long wcstoull_l(const wchar_t* text, wchar_t** end_out,
                                                    int base, locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstoull_l(text, end, base, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstoull_l) __wcstoull_l, wcstoull_l);

HINDSIGHT_INTERCEPTOR unsigned long long __wcstoull_internal(const wchar_t* text, wchar_t** end_out,
                                                             int base, int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out, [=](wchar_t** end) {
    return real.__wcstoull_internal(text, end, base, group);
  });
}

HINDSIGHT_INTERCEPTOR double strtod_l(const char* text, char** end_out, locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.strtod_l(text, end, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::strtod_l) __strtod_l, strtod_l);
HINDSIGHT_ALIAS_AS(decltype(::strtof64_l) strtof64_l, strtod_l);
HINDSIGHT_ALIAS_AS(decltype(::strtof32x_l) strtof32x_l, strtod_l);

HINDSIGHT_INTERCEPTOR double __strtod_internal(const char* text, char** end_out,
                                               int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.__strtod_internal(text, end, group); });
}

HINDSIGHT_INTERCEPTOR double wcstod(const wchar_t* text, wchar_t** end_out) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstod(text, end); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstof64) wcstof64, wcstod);
HINDSIGHT_ALIAS_AS(decltype(::wcstof32x) wcstof32x, wcstod);

HINDSIGHT_INTERCEPTOR double wcstod_l(const wchar_t* text, wchar_t** end_out,
                                      locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstod_l(text, end, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstod_l) __wcstod_l, wcstod_l);
HINDSIGHT_ALIAS_AS(decltype(::wcstof64_l) wcstof64_l, wcstod_l);
HINDSIGHT_ALIAS_AS(decltype(::wcstof32x_l) wcstof32x_l, wcstod_l);

HINDSIGHT_INTERCEPTOR double __wcstod_internal(const wchar_t* text, wchar_t** end_out,
                                               int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.__wcstod_internal(text, end, group); });
}

HINDSIGHT_INTERCEPTOR float strtof_l(const char* text, char** end_out, locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.strtof_l(text, end, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::strtof_l) __strtof_l, strtof_l);
HINDSIGHT_ALIAS_AS(decltype(::strtof32_l) strtof32_l, strtof_l);

HINDSIGHT_INTERCEPTOR float __strtof_internal(const char* text, char** end_out,
                                              int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.__strtof_internal(text, end, group); });
}

HINDSIGHT_INTERCEPTOR float wcstof(const wchar_t* text, wchar_t** end_out) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstof(text, end); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstof32) wcstof32, wcstof);

HINDSIGHT_INTERCEPTOR float wcstof_l(const wchar_t* text, wchar_t** end_out,
                                     locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstof_l(text, end, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstof_l) __wcstof_l, wcstof_l);
HINDSIGHT_ALIAS_AS(decltype(::wcstof32_l) wcstof32_l, wcstof_l);

HINDSIGHT_INTERCEPTOR float __wcstof_internal(const wchar_t* text, wchar_t** end_out,
                                              int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.__wcstof_internal(text, end, group); });
}

HINDSIGHT_INTERCEPTOR long double strtold_l(const char* text, char** end_out,
                                            locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.strtold_l(text, end, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::strtold_l) __strtold_l, strtold_l);
HINDSIGHT_ALIAS_AS(decltype(::strtof64x_l) strtof64x_l, strtold_l);

HINDSIGHT_INTERCEPTOR long double __strtold_internal(const char* text, char** end_out,
                                                     int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.__strtold_internal(text, end, group); });
}

HINDSIGHT_INTERCEPTOR long double wcstold(const wchar_t* text, wchar_t** end_out) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstold(text, end); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstof64x) wcstof64x, wcstold);

HINDSIGHT_INTERCEPTOR long double wcstold_l(const wchar_t* text, wchar_t** end_out,
                                            locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstold_l(text, end, locale); });
}
HINDSIGHT_ALIAS_AS(decltype(::wcstold_l) __wcstold_l, wcstold_l);
HINDSIGHT_ALIAS_AS(decltype(::wcstof64x_l) wcstof64x_l, wcstold_l);

HINDSIGHT_INTERCEPTOR long double __wcstold_internal(const wchar_t* text, wchar_t** end_out,
                                                     int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.__wcstold_internal(text, end, group); });
}
