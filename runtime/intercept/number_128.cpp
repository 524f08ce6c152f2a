// number_128.cpp - numbers of 128 bits; as number_more.cpp.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

namespace {

template <class Character, class Parse>
Float128 parseNumber(uptr pc, const Character* text, Character** end_out, Parse parse) {
  Character* end = const_cast<Character*>(text);
  const Float128 value = parse(&end);
  InterceptedCall call(pc);
  if (!call.bypass()) {
    readsBytes(call, text, (static_cast<size_t>(end - text) + 1) * sizeof(Character));
    writesObject(call, end_out);
  }
  if (end_out != nullptr) *end_out = end;
  return value;
}

}  // namespace

HINDSIGHT_INTERCEPTOR Float128 strtof128(const char* text, char** end_out) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.strtof128(text, end); });
}

HINDSIGHT_INTERCEPTOR Float128 strtof128_l(const char* text, char** end_out,
                                           locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.strtof128_l(text, end, locale); });
}

HINDSIGHT_INTERCEPTOR Float128 wcstof128(const wchar_t* text, wchar_t** end_out) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstof128(text, end); });
}

HINDSIGHT_INTERCEPTOR Float128 wcstof128_l(const wchar_t* text, wchar_t** end_out,
                                           locale_t locale) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.wcstof128_l(text, end, locale); });
}

HINDSIGHT_INTERCEPTOR int strfromf128(char* to, size_t room, const char* format,
                                      Float128 value) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strfromf128(to, room, format, value); },
      [=](InterceptedCall& call) { readsText(call, format); },
      [=](InterceptedCall& call, int length) {
        if (length >= 0 && room != 0)
          writesBytes(call, to, min(static_cast<size_t>(length), room - 1) + 1);
      });
}

#if defined(__x86_64__)
HINDSIGHT_INTERCEPTOR Float128 __strtof128_internal(const char* text, char** end_out,
                                                    int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](char** end) { return real.__strtof128_internal(text, end, group); });
}

HINDSIGHT_INTERCEPTOR Float128 __wcstof128_internal(const wchar_t* text, wchar_t** end_out,
                                                    int group) noexcept {
  return parseNumber(HINDSIGHT_CALLER_PC, text, end_out,
                     [=](wchar_t** end) { return real.__wcstof128_internal(text, end, group); });
}
#endif
