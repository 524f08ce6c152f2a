// wide_text.cpp - the rest of the wide-character strings: comparing, searching, tokens.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

namespace {

constexpr size_t inBytes(size_t characters) { return characters * sizeof(wchar_t); }

/// What a search of `set` in `text` looked at: `count` characters and the one that ended it.
void readsSpan(InterceptedCall& call, const wchar_t* text, const wchar_t* set, size_t count) {
  readsWide(call, set);
  call.reads(text, inBytes(count + 1));
}

/// `text` up to the end of what was found, or all of it.
void readsSearch(InterceptedCall& call, const wchar_t* text, const wchar_t* part,
                 const wchar_t* found) {
  readsWide(call, part);
  if (found == nullptr) return readsWide(call, text);
  call.reads(text, inBytes(static_cast<size_t>(found - text)) + textBytes(part) - sizeof(wchar_t));
}

void readsAtMost(InterceptedCall& call, const wchar_t* text, size_t limit) {
  size_t count = 0;
  while (count < limit && text[count] != 0) ++count;
  readsBytes(call, text, inBytes(min(count + 1, limit)));
}

/// What a comparison of at most `limit` characters has to look at.
template <class Fold>
void readsCompared(InterceptedCall& call, const wchar_t* left, const wchar_t* right, size_t limit,
                   Fold fold) {
  size_t count = 0;
  while (count < limit) {
    const wint_t x = fold(left[count]), y = fold(right[count]);
    ++count;
    if (x != y || x == 0) break;
  }
  readsBytes(call, left, inBytes(count));
  readsBytes(call, right, inBytes(count));
}

constexpr size_t kNoLimit = ~size_t{0};

wint_t lowered(wchar_t character) { return ::towlower(static_cast<wint_t>(character)); }

auto loweredBy(locale_t locale) {
  return [=](wchar_t character) { return ::towlower_l(static_cast<wint_t>(character), locale); };
}

void demandRoom(size_t count, size_t room) {
  if (count > room) __chk_fail();
}

}  // namespace

// Comparing and searching

HINDSIGHT_INTERCEPTOR int wcscasecmp(const wchar_t* s1, const wchar_t* s2) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcscasecmp(s1, s2); },
      [=](InterceptedCall& call) { readsCompared(call, s1, s2, kNoLimit, lowered); });
}

HINDSIGHT_INTERCEPTOR int wcsncasecmp(const wchar_t* s1, const wchar_t* s2, size_t n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcsncasecmp(s1, s2, n); },
      [=](InterceptedCall& call) { readsCompared(call, s1, s2, n, lowered); });
}

HINDSIGHT_INTERCEPTOR int wcscasecmp_l(const wchar_t* s1, const wchar_t* s2,
                                       locale_t loc) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcscasecmp_l(s1, s2, loc); },
      [=](InterceptedCall& call) { readsCompared(call, s1, s2, kNoLimit, loweredBy(loc)); });
}
HINDSIGHT_ALIAS(__wcscasecmp_l, wcscasecmp_l);

HINDSIGHT_INTERCEPTOR int wcsncasecmp_l(const wchar_t* s1, const wchar_t* s2, size_t n,
                                        locale_t loc) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcsncasecmp_l(s1, s2, n, loc); },
      [=](InterceptedCall& call) { readsCompared(call, s1, s2, n, loweredBy(loc)); });
}
HINDSIGHT_ALIAS(__wcsncasecmp_l, wcsncasecmp_l);

HINDSIGHT_INTERCEPTOR int wcscoll(const wchar_t* s1, const wchar_t* s2) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcscoll(s1, s2); },
      [=](InterceptedCall& call) {
        readsWide(call, s1);
        readsWide(call, s2);
      });
}

HINDSIGHT_INTERCEPTOR int wcscoll_l(const wchar_t* s1, const wchar_t* s2, locale_t loc) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcscoll_l(s1, s2, loc); },
      [=](InterceptedCall& call) {
        readsWide(call, s1);
        readsWide(call, s2);
      });
}
HINDSIGHT_ALIAS(__wcscoll_l, wcscoll_l);

HINDSIGHT_INTERCEPTOR size_t wcsspn(const wchar_t* wcs, const wchar_t* accept) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcsspn(wcs, accept); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) { readsSpan(call, wcs, accept, result); });
}

HINDSIGHT_INTERCEPTOR size_t wcscspn(const wchar_t* wcs, const wchar_t* reject) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcscspn(wcs, reject); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) { readsSpan(call, wcs, reject, result); });
}

HINDSIGHT_INTERCEPTOR wchar_t* wcspbrk(const wchar_t* text, const wchar_t* set) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcspbrk(text, set); }, kReadsNothing,
      [=](InterceptedCall& call, const wchar_t* found) {
        const size_t count = found != nullptr ? static_cast<size_t>(found - text)
                                              : textBytes(text) / sizeof(wchar_t) - 1;
        readsSpan(call, text, set, count);
      });
}

HINDSIGHT_INTERCEPTOR wchar_t* wcsstr(const wchar_t* text, const wchar_t* part) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcsstr(text, part); }, kReadsNothing,
      [=](InterceptedCall& call, const wchar_t* found) { readsSearch(call, text, part, found); });
}
HINDSIGHT_ALIAS(wcswcs, wcsstr);

HINDSIGHT_INTERCEPTOR wchar_t* wcschrnul(const wchar_t* text, wchar_t character) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcschrnul(text, character); }, kReadsNothing,
      [=](InterceptedCall& call, const wchar_t* end) {
        call.reads(text, inBytes(static_cast<size_t>(end - text) + 1));
      });
}

// Copying

HINDSIGHT_INTERCEPTOR wchar_t* wcpcpy(wchar_t* dest, const wchar_t* src) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcpcpy(dest, src); },
      [=](InterceptedCall& call) { readsWide(call, src); },
      [=](InterceptedCall& call, auto&&) { writesWide(call, dest); });
}

HINDSIGHT_INTERCEPTOR wchar_t* wcpncpy(wchar_t* dest, const wchar_t* src, size_t n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcpncpy(dest, src, n); },
      [=](InterceptedCall& call) { readsAtMost(call, src, n); },
      [=](InterceptedCall& call, auto&&) { writesBytes(call, dest, inBytes(n)); });
}

HINDSIGHT_INTERCEPTOR size_t wcsxfrm(wchar_t* s1, const wchar_t* s2, size_t n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcsxfrm(s1, s2, n); },
      [=](InterceptedCall& call) { readsWide(call, s2); },
      [=](InterceptedCall& call, const auto result) {
        if (result < n) writesBytes(call, s1, inBytes(result + 1));
      });
}

HINDSIGHT_INTERCEPTOR size_t wcsxfrm_l(wchar_t* s1, const wchar_t* s2, size_t n,
                                       locale_t loc) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcsxfrm_l(s1, s2, n, loc); },
      [=](InterceptedCall& call) { readsWide(call, s2); },
      [=](InterceptedCall& call, const auto result) {
        if (result < n) writesBytes(call, s1, inBytes(result + 1));
      });
}
HINDSIGHT_ALIAS(__wcsxfrm_l, wcsxfrm_l);

HINDSIGHT_INTERCEPTOR wchar_t* __wcpcpy_chk(wchar_t* to, const wchar_t* from,
                                            size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wcpcpy_chk(to, from, room); },
      [=](InterceptedCall& call) {
        readsWide(call, from);
        demandRoom(textBytes(from) / sizeof(wchar_t), room);
      },
      [=](InterceptedCall& call, auto&&) { writesWide(call, to); });
}

HINDSIGHT_INTERCEPTOR wchar_t* __wcpncpy_chk(wchar_t* to, const wchar_t* from, size_t count,
                                             size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wcpncpy_chk(to, from, count, room); },
      [=](InterceptedCall& call) {
        demandRoom(count, room);
        readsAtMost(call, from, count);
      },
      [=](InterceptedCall& call, auto&&) { writesBytes(call, to, inBytes(count)); });
}

HINDSIGHT_INTERCEPTOR wchar_t* __wcsncpy_chk(wchar_t* to, const wchar_t* from, size_t count,
                                             size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wcsncpy_chk(to, from, count, room); },
      [=](InterceptedCall& call) {
        demandRoom(count, room);
        readsAtMost(call, from, count);
      },
      [=](InterceptedCall& call, auto&&) { writesBytes(call, to, inBytes(count)); });
}

HINDSIGHT_INTERCEPTOR wchar_t* __wcscat_chk(wchar_t* to, const wchar_t* from,
                                            size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wcscat_chk(to, from, room); },
      [=](InterceptedCall& call) {
        readsWide(call, to);
        readsWide(call, from);
      },
      [=](InterceptedCall& call, auto&&) {
        const size_t added = textBytes(from);
        writesBytes(call, reinterpret_cast<char*>(to) + textBytes(to) - added, added);
      });
}

HINDSIGHT_INTERCEPTOR wchar_t* __wcsncat_chk(wchar_t* to, const wchar_t* from, size_t count,
                                             size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wcsncat_chk(to, from, count, room); },
      [=](InterceptedCall& call) {
        readsWide(call, to);
        readsAtMost(call, from, count);
      },
      [=](InterceptedCall& call, auto&&) {
        const size_t added = inBytes(real.wcsnlen(from, count) + 1);
        writesBytes(call, reinterpret_cast<char*>(to) + textBytes(to) - added, added);
      });
}

HINDSIGHT_INTERCEPTOR wchar_t* __wmempcpy_chk(wchar_t* to, const wchar_t* from, size_t count,
                                              size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wmempcpy_chk(to, from, count, room); },
      [=](InterceptedCall& call) {
        demandRoom(count, room);
        readsBytes(call, from, inBytes(count));
      },
      [=](InterceptedCall& call, auto&&) { writesBytes(call, to, inBytes(count)); });
}

HINDSIGHT_INTERCEPTOR wchar_t* wcstok(wchar_t* s, const wchar_t* delim, wchar_t** ptr) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.wcstok(s, delim, ptr);
  readsWide(call, delim);
  if (s == nullptr) readsObject(call, ptr);
  // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): without a text there is a place to go on
  const wchar_t* const start = s != nullptr ? s : *ptr;
  wchar_t* const token = real.wcstok(s, delim, ptr);
  writesObject(call, ptr);
  if (start == nullptr) return token;
  // What was scanned is read: up to where the token ended, where it now has its terminator.
  const wchar_t* const last = token != nullptr ? token : start;
  const wchar_t* const end = last + textBytes(last) / sizeof(wchar_t);
  readsBytes(call, start, inBytes(static_cast<size_t>(end - start)));
  if (token != nullptr && *ptr != nullptr) writesBytes(call, end - 1, sizeof(wchar_t));
  return token;
}

HINDSIGHT_INTERCEPTOR int wcswidth(const wchar_t* s, size_t n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcswidth(s, n); },
      [=](InterceptedCall& call) { readsAtMost(call, s, n); });
}

HINDSIGHT_INTERCEPTOR wctype_t wctype(const char* property) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wctype(property); },
      [=](InterceptedCall& call) { readsText(call, property); });
}

HINDSIGHT_INTERCEPTOR wctype_t wctype_l(const char* property, locale_t locale) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wctype_l(property, locale); },
      [=](InterceptedCall& call) { readsText(call, property); });
}
HINDSIGHT_ALIAS(__wctype_l, wctype_l);

HINDSIGHT_INTERCEPTOR wctrans_t wctrans(const char* property) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wctrans(property); },
      [=](InterceptedCall& call) { readsText(call, property); });
}

HINDSIGHT_INTERCEPTOR wctrans_t wctrans_l(const char* property, locale_t locale) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wctrans_l(property, locale); },
      [=](InterceptedCall& call) { readsText(call, property); });
}
HINDSIGHT_ALIAS(__wctrans_l, wctrans_l);
