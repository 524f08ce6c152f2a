// text_more.cpp - the string functions with a locale, and the less usual ones: argz, envz,
// strerror_r, ecvt.
//
// What each reads and writes is what its manual page says; a function that returns the C library's
// own buffer writes it (two calls in unordered threads race on it), as POSIX allows.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <libgen.h>
#include <monetary.h>

using namespace hindsight;

namespace {

/// A function that may put one terminator into `path`: where it was `length` long before.
void cutsPath(InterceptedCall& call, const char* path, size_t length_before) {
  if (path == nullptr) return;
  const size_t length = textBytes(path) - 1;
  if (length < length_before) call.writes(path + length, 1);
}

/// What a comparison of at most `limit` bytes has to look at, with case folded by `locale`.
void readsCompared(InterceptedCall& call, const char* left, const char* right, size_t limit,
                   locale_t locale) {
  size_t count = 0;
  while (count < limit) {
    const int a = ::tolower_l(static_cast<u8>(left[count]), locale);
    const int b = ::tolower_l(static_cast<u8>(right[count]), locale);
    ++count;
    if (a != b || a == 0) break;
  }
  readsBytes(call, left, count);
  readsBytes(call, right, count);
}

/// Up to the first difference, and the digits that begin there: of two numbers the longer is
/// greater.
void readsVersion(InterceptedCall& call, const char* text, size_t difference) {
  size_t end = difference;
  while (text[end] >= '0' && text[end] <= '9') ++end;
  readsBytes(call, text, max(difference + 1, end + 1));
}

void readsVersions(InterceptedCall& call, const char* left, const char* right) {
  size_t difference = 0;
  while (left[difference] == right[difference] && left[difference] != 0) ++difference;
  readsVersion(call, left, difference);
  readsVersion(call, right, difference);
}

constexpr size_t kNoLimit = ~size_t{0};

size_t lengthOf(const char* text) { return text != nullptr ? textBytes(text) - 1 : 0; }

}  // namespace

// Comparing

HINDSIGHT_INTERCEPTOR int strcasecmp_l(const char* s1, const char* s2, locale_t loc) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strcasecmp_l(s1, s2, loc); },
      [=](InterceptedCall& call) { readsCompared(call, s1, s2, kNoLimit, loc); });
}
HINDSIGHT_ALIAS(__strcasecmp_l, strcasecmp_l);

HINDSIGHT_INTERCEPTOR int strncasecmp_l(const char* s1, const char* s2, size_t n,
                                        locale_t loc) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strncasecmp_l(s1, s2, n, loc); },
      [=](InterceptedCall& call) { readsCompared(call, s1, s2, n, loc); });
}
HINDSIGHT_ALIAS(__strncasecmp_l, strncasecmp_l);

HINDSIGHT_INTERCEPTOR int strcoll_l(const char* s1, const char* s2, locale_t l) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strcoll_l(s1, s2, l); },
      [=](InterceptedCall& call) {
        readsText(call, s1);
        readsText(call, s2);
      });
}
HINDSIGHT_ALIAS(__strcoll_l, strcoll_l);

HINDSIGHT_INTERCEPTOR int strverscmp(const char* s1, const char* s2) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strverscmp(s1, s2); },
      [=](InterceptedCall& call) { readsVersions(call, s1, s2); });
}
HINDSIGHT_ALIAS(__strverscmp, strverscmp);

HINDSIGHT_INTERCEPTOR int __memcmpeq(const void* left, const void* right, size_t bytes) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__memcmpeq(left, right, bytes); },
      [=](InterceptedCall& call) {
        readsBytes(call, left, bytes);
        readsBytes(call, right, bytes);
      });
}

HINDSIGHT_INTERCEPTOR int rpmatch(const char* response) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.rpmatch(response); },
      [=](InterceptedCall& call) { readsText(call, response); });
}

// Making

HINDSIGHT_INTERCEPTOR size_t strxfrm_l(char* dest, const char* src, size_t n, locale_t l) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strxfrm_l(dest, src, n, l); },
      [=](InterceptedCall& call) { readsText(call, src); },
      [=](InterceptedCall& call, const auto result) {
        if (dest != nullptr && result < n) writesBytes(call, dest, result + 1);
      });
}
HINDSIGHT_ALIAS(__strxfrm_l, strxfrm_l);

HINDSIGHT_INTERCEPTOR void swab(const void* from, void* to, ssize_t n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.swab(from, to, n); },
      [=](InterceptedCall& call) {
        if (n > 0) readsBytes(call, from, static_cast<size_t>(n) & ~size_t{1});
      },
      [=](InterceptedCall& call) {
        if (n > 0) writesBytes(call, to, static_cast<size_t>(n) & ~size_t{1});
      });
}

HINDSIGHT_INTERCEPTOR void* memfrob(void* s, size_t n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.memfrob(s, n); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesBytes(call, s, n); });
}

HINDSIGHT_INTERCEPTOR char* strfry(char* string) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strfry(string); },
      [=](InterceptedCall& call) { readsText(call, string); },
      [=](InterceptedCall& call, auto&&) {
        if (textBytes(string) > 1) writesBytes(call, string, textBytes(string) - 1);
      });
}

HINDSIGHT_INTERCEPTOR int strfromd(char* dest, size_t size, const char* format, double f) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strfromd(dest, size, format, f); },
      [=](InterceptedCall& call) { readsText(call, format); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0 && size != 0)
          writesBytes(call, dest, min(static_cast<size_t>(result), size - 1) + 1);
      });
}

HINDSIGHT_INTERCEPTOR int strfromf(char* dest, size_t size, const char* format, float f) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strfromf(dest, size, format, f); },
      [=](InterceptedCall& call) { readsText(call, format); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0 && size != 0)
          writesBytes(call, dest, min(static_cast<size_t>(result), size - 1) + 1);
      });
}

HINDSIGHT_INTERCEPTOR int strfroml(char* dest, size_t size, const char* format,
                                   long double f) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strfroml(dest, size, format, f); },
      [=](InterceptedCall& call) { readsText(call, format); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0 && size != 0)
          writesBytes(call, dest, min(static_cast<size_t>(result), size - 1) + 1);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::strfromf32) strfromf32, strfromf);
HINDSIGHT_ALIAS_AS(decltype(::strfromf64) strfromf64, strfromd);
HINDSIGHT_ALIAS_AS(decltype(::strfromf32x) strfromf32x, strfromd);
HINDSIGHT_ALIAS_AS(decltype(::strfromf64x) strfromf64x, strfroml);

HINDSIGHT_INTERCEPTOR char* ecvt(double value, int ndigit, int* decpt, int* sign) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ecvt(value, ndigit, decpt, sign); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        writesText(call, result);
        writesObject(call, decpt);
        writesObject(call, sign);
      });
}

HINDSIGHT_INTERCEPTOR char* fcvt(double value, int ndigit, int* decpt, int* sign) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fcvt(value, ndigit, decpt, sign); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        writesText(call, result);
        writesObject(call, decpt);
        writesObject(call, sign);
      });
}

HINDSIGHT_INTERCEPTOR char* qecvt(long double value, int ndigit, int* decpt, int* sign) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.qecvt(value, ndigit, decpt, sign); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        writesText(call, result);
        writesObject(call, decpt);
        writesObject(call, sign);
      });
}

HINDSIGHT_INTERCEPTOR char* qfcvt(long double value, int ndigit, int* decpt, int* sign) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.qfcvt(value, ndigit, decpt, sign); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        writesText(call, result);
        writesObject(call, decpt);
        writesObject(call, sign);
      });
}

HINDSIGHT_INTERCEPTOR char* gcvt(double value, int ndigit, char* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.gcvt(value, ndigit, buf); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesText(call, buf); });
}

HINDSIGHT_INTERCEPTOR char* qgcvt(long double value, int ndigit, char* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.qgcvt(value, ndigit, buf); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesText(call, buf); });
}

HINDSIGHT_INTERCEPTOR int ecvt_r(double value, int ndigit, int* decpt, int* sign, char* buf,
                                 size_t len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ecvt_r(value, ndigit, decpt, sign, buf, len); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesText(call, buf);
          writesObject(call, decpt);
          writesObject(call, sign);
        }
      });
}

HINDSIGHT_INTERCEPTOR int fcvt_r(double value, int ndigit, int* decpt, int* sign, char* buf,
                                 size_t len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fcvt_r(value, ndigit, decpt, sign, buf, len); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesText(call, buf);
          writesObject(call, decpt);
          writesObject(call, sign);
        }
      });
}

HINDSIGHT_INTERCEPTOR int qecvt_r(long double value, int ndigit, int* decpt, int* sign, char* buf,
                                  size_t len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.qecvt_r(value, ndigit, decpt, sign, buf, len); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesText(call, buf);
          writesObject(call, decpt);
          writesObject(call, sign);
        }
      });
}

HINDSIGHT_INTERCEPTOR int qfcvt_r(long double value, int ndigit, int* decpt, int* sign, char* buf,
                                  size_t len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.qfcvt_r(value, ndigit, decpt, sign, buf, len); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesText(call, buf);
          writesObject(call, decpt);
          writesObject(call, sign);
        }
      });
}

HINDSIGHT_INTERCEPTOR long a64l(const char* s) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.a64l(s); },
      [=](InterceptedCall& call) { readsBytes(call, s, min(textBytes(s), size_t{6})); });
}

HINDSIGHT_INTERCEPTOR char* l64a(long n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.l64a(n); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}
HINDSIGHT_ALIAS(__strerror_r, strerror_r);

HINDSIGHT_INTERCEPTOR char* strerror_r(int errnum, char* buf, size_t buflen) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strerror_r(errnum, buf, buflen); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        if (result == buf) writesText(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int __xpg_strerror_r(int error, char* buffer, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__xpg_strerror_r(error, buffer, room); },
      kReadsNothing,
      [=](InterceptedCall& call, int) {
        if (room != 0) writesText(call, buffer);
      });
}

// Paths as text

HINDSIGHT_INTERCEPTOR char* dirname(char* path) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.dirname(path); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, auto result) {
        writesBytes(call, result != path ? nullptr : path + lengthOf(path), 1);
      });
}

HINDSIGHT_INTERCEPTOR char* __xpg_basename(char* path) noexcept {
  const size_t length = lengthOf(path);
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__xpg_basename(path); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, char*) { cutsPath(call, path, length); });
}

HINDSIGHT_INTERCEPTOR int getsubopt(char** optionp, char* const* tokens, char** valuep) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.getsubopt(optionp, tokens, valuep);
  readsObject(call, optionp);
  readsTexts(call, tokens);
  const char* const start = *optionp;
  const int found = real.getsubopt(optionp, tokens, valuep);
  call.keepErrno();
  const char* const next = *optionp;
  // The comma at the option's end, or the terminator of the last one, where the text stays.
  const bool had_comma = next > start && next[-1] == '\0';
  readsBytes(call, start, static_cast<size_t>(next - start) + (had_comma ? 0 : 1));
  if (had_comma) writesBytes(call, next - 1, 1);
  writesObject(call, optionp);
  writesObject(call, valuep);
  return found;
}
