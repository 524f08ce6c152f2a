// multibyte.cpp - conversion between multibyte and wide characters.
//
// The C library's own conversion state, used where the caller gives none, is not looked at.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <uchar.h>

using namespace hindsight;

namespace {

void demandRoom(size_t count, size_t room) {
  if (count > room) __chk_fail();
}

/// A conversion's state, where the caller keeps it; the C library's own belongs to no one.
void writesState(InterceptedCall& call, const mbstate_t* state) { writesObject(call, state); }

constexpr size_t kFailed = ~size_t{0};
constexpr size_t kIncomplete = ~size_t{0} - 1;

/// mbrtowc and its kin: `bytes` is what the call returned.
template <class Character>
void convertedOne(InterceptedCall& call, const Character* out, const char* text, size_t limit,
                  const mbstate_t* state, size_t bytes) {
  if (text == nullptr) return;
  constexpr size_t kFromBefore = ~size_t{0} - 2;  // the second half of a pair
  const size_t looked_at = bytes == kIncomplete                       ? limit
                           : bytes == kFailed || bytes == kFromBefore ? 0
                                                                      : max<size_t>(bytes, 1);
  readsBytes(call, text, min(looked_at, limit));
  if (bytes < kIncomplete - 1 || bytes == kFromBefore) writesObject(call, out);
  if (bytes != kFailed) writesState(call, state);
}

/// mbstowcs and wcstombs: `count` characters, of which one of the source makes `most` at most. All
/// of the source if its end was reached; otherwise at least what that many characters must come
/// from.
template <class From, class To>
void convertedText(InterceptedCall& call, const To* out, const From* from, size_t count,
                   size_t room, size_t most) {
  if (count == kFailed) return readsBytes(call, from, sizeof(From));
  const bool ended = out == nullptr || count < room;
  readsBytes(call, from, ended ? textBytes(from) : count / most * sizeof(From));
  writesBytes(call, out, (count + (ended ? 1 : 0)) * sizeof(To));
}

/// wcsrtombs and mbsrtowcs: from `*position`, which was `from`, into `out`.
template <class From, class To>
void convertedString(InterceptedCall& call, const To* out, const From* const* position,
                     const From* from, const mbstate_t* state, size_t count, size_t limit) {
  const size_t looked_at =
      *position != nullptr && out != nullptr ? static_cast<size_t>(*position - from) : 0;
  if (looked_at != 0)
    readsBytes(call, from, looked_at * sizeof(From));
  else if (out == nullptr || *position == nullptr)
    readsBytes(call, from, textBytes(from));
  if (out == nullptr || count == kFailed) return;
  writesBytes(call, out, (count + (count < limit && *position == nullptr ? 1 : 0)) * sizeof(To));
  call.writes(position, sizeof *position);
  if (state != nullptr) writesState(call, state);
}

}  // namespace

HINDSIGHT_INTERCEPTOR int mblen(const char* s, size_t n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mblen(s, n); },
      [=](InterceptedCall& call) {
        if (s != nullptr) readsBytes(call, s, min<size_t>(n, 1));
      });
}

HINDSIGHT_INTERCEPTOR int mbtowc(wchar_t* pwc, const char* s, size_t n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mbtowc(pwc, s, n); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0 && s != nullptr) {
          readsBytes(call, s, static_cast<size_t>(result));
          writesObject(call, pwc);
        }
      });
}

HINDSIGHT_INTERCEPTOR int wctomb(char* s, wchar_t wchar) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wctomb(s, wchar); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, s, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR int __wctomb_chk(char* to, wchar_t character, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wctomb_chk(to, character, room); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, to, static_cast<size_t>(result));
      });
}

HINDSIGHT_INTERCEPTOR size_t mbrlen(const char* s, size_t n, mbstate_t* ps) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mbrlen(s, n, ps); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        convertedOne(call, static_cast<const char*>(nullptr), s, n, ps, result);
      });
}
HINDSIGHT_ALIAS(__mbrlen, mbrlen);

HINDSIGHT_INTERCEPTOR size_t mbrtowc(wchar_t* pwc, const char* s, size_t n, mbstate_t* p) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mbrtowc(pwc, s, n, p); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) { convertedOne(call, pwc, s, n, p, result); });
}
HINDSIGHT_ALIAS(__mbrtowc, mbrtowc);

HINDSIGHT_INTERCEPTOR size_t mbrtoc16(char16_t* pc16, const char* s, size_t n,
                                      mbstate_t* p) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mbrtoc16(pc16, s, n, p); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) { convertedOne(call, pc16, s, n, p, result); });
}

HINDSIGHT_INTERCEPTOR size_t mbrtoc8(char8_t* pc8, const char* s, size_t n, mbstate_t* p) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mbrtoc8(pc8, s, n, p); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) { convertedOne(call, pc8, s, n, p, result); });
}

HINDSIGHT_INTERCEPTOR size_t mbrtoc32(char32_t* pc32, const char* s, size_t n,
                                      mbstate_t* p) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mbrtoc32(pc32, s, n, p); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) { convertedOne(call, pc32, s, n, p, result); });
}

HINDSIGHT_INTERCEPTOR size_t wcrtomb(char* s, wchar_t wc, mbstate_t* ps) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcrtomb(s, wc, ps); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != kFailed) {
          if (s != nullptr) writesBytes(call, s, result);
          writesState(call, ps);
        }
      });
}

HINDSIGHT_INTERCEPTOR size_t __wcrtomb_chk(char* to, wchar_t character, mbstate_t* state,
                                           size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wcrtomb_chk(to, character, state, room); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != kFailed) {
          if (to != nullptr) writesBytes(call, to, result);
          writesState(call, state);
        }
      });
}

HINDSIGHT_INTERCEPTOR size_t c16rtomb(char* s, char16_t c16, mbstate_t* ps) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.c16rtomb(s, c16, ps); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != kFailed) {
          if (s != nullptr) writesBytes(call, s, result);
          writesState(call, ps);
        }
      });
}

HINDSIGHT_INTERCEPTOR size_t c8rtomb(char* s, char8_t c8, mbstate_t* ps) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.c8rtomb(s, c8, ps); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != kFailed) {
          if (s != nullptr) writesBytes(call, s, result);
          writesState(call, ps);
        }
      });
}

HINDSIGHT_INTERCEPTOR size_t c32rtomb(char* s, char32_t c32, mbstate_t* ps) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.c32rtomb(s, c32, ps); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != kFailed) {
          if (s != nullptr) writesBytes(call, s, result);
          writesState(call, ps);
        }
      });
}

HINDSIGHT_INTERCEPTOR int mbsinit(const mbstate_t* ps) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mbsinit(ps); },
      [=](InterceptedCall& call) { readsObject(call, ps); });
}

HINDSIGHT_INTERCEPTOR size_t mbstowcs(wchar_t* pwcs, const char* s, size_t n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.mbstowcs(pwcs, s, n); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        convertedText(call, pwcs, s, result, n, 1);
      });
}

HINDSIGHT_INTERCEPTOR size_t wcstombs(char* s, const wchar_t* pwcs, size_t n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcstombs(s, pwcs, n); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        convertedText(call, s, pwcs, result, n, MB_CUR_MAX);
      });
}

HINDSIGHT_INTERCEPTOR size_t __mbstowcs_chk(wchar_t* to, const char* from, size_t count,
                                            size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__mbstowcs_chk(to, from, count, room); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        convertedText(call, to, from, result, count, 1);
      });
}

HINDSIGHT_INTERCEPTOR size_t __wcstombs_chk(char* to, const wchar_t* from, size_t count,
                                            size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wcstombs_chk(to, from, count, room); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        convertedText(call, to, from, result, count, MB_CUR_MAX);
      });
}

namespace {

template <class From, class To, class RealCall>
size_t convertString(uptr pc, To* out, const From** position, size_t limit, mbstate_t* state,
                     RealCall real_call) {
  const From* const from = *position;
  return intercepted(
      pc, real_call, [=](InterceptedCall& call) { readsObject(call, position); },
      [=](InterceptedCall& call, size_t count) {
        convertedString(call, out, position, from, state, count, limit);
      });
}

}  // namespace

HINDSIGHT_INTERCEPTOR size_t mbsrtowcs(wchar_t* out, const char** from, size_t room,
                                       mbstate_t* state) noexcept {
  return convertString(HINDSIGHT_CALLER_PC, out, from, room, state,
                       [=] { return real.mbsrtowcs(out, from, room, state); });
}

HINDSIGHT_INTERCEPTOR size_t __mbsrtowcs_chk(wchar_t* out, const char** from, size_t room,
                                             mbstate_t* state, size_t object_room) noexcept {
  demandRoom(room, object_room);
  return convertString(HINDSIGHT_CALLER_PC, out, from, room, state,
                       [=] { return real.mbsrtowcs(out, from, room, state); });
}

HINDSIGHT_INTERCEPTOR size_t wcsrtombs(char* out, const wchar_t** from, size_t room,
                                       mbstate_t* state) noexcept {
  return convertString(HINDSIGHT_CALLER_PC, out, from, room, state,
                       [=] { return real.wcsrtombs(out, from, room, state); });
}

HINDSIGHT_INTERCEPTOR size_t __wcsrtombs_chk(char* out, const wchar_t** from, size_t room,
                                             mbstate_t* state, size_t object_room) noexcept {
  demandRoom(room, object_room);
  return convertString(HINDSIGHT_CALLER_PC, out, from, room, state,
                       [=] { return real.wcsrtombs(out, from, room, state); });
}

// The forms with a limit on the source: what they read of it is where the position has moved to.

namespace {

template <class From, class To, class RealCall>
size_t convertPart(uptr pc, To* out, const From** position, size_t source_limit, size_t limit,
                   mbstate_t* state, RealCall real_call) {
  const From* const from = *position;
  return intercepted(
      pc, real_call, [=](InterceptedCall& call) { readsObject(call, position); },
      [=](InterceptedCall& call, size_t count) {
        if (out == nullptr || *position == nullptr) {
          size_t length = 0;
          while (length < source_limit && from[length] != 0) ++length;
          readsBytes(call, from, min(length + 1, source_limit) * sizeof(From));
        } else {
          readsBytes(call, from, static_cast<size_t>(*position - from) * sizeof(From));
        }
        if (out == nullptr || count == kFailed) return;
        const bool ended = *position == nullptr && count < limit;
        writesBytes(call, out, (count + (ended ? 1 : 0)) * sizeof(To));
        call.writes(position, sizeof *position);
        writesState(call, state);
      });
}

}  // namespace

HINDSIGHT_INTERCEPTOR size_t mbsnrtowcs(wchar_t* out, const char** from, size_t bytes, size_t room,
                                        mbstate_t* state) noexcept {
  return convertPart(HINDSIGHT_CALLER_PC, out, from, bytes, room, state,
                     [=] { return real.mbsnrtowcs(out, from, bytes, room, state); });
}

HINDSIGHT_INTERCEPTOR size_t __mbsnrtowcs_chk(wchar_t* out, const char** from, size_t bytes,
                                              size_t room, mbstate_t* state,
                                              size_t object_room) noexcept {
  demandRoom(room, object_room);
  return convertPart(HINDSIGHT_CALLER_PC, out, from, bytes, room, state,
                     [=] { return real.mbsnrtowcs(out, from, bytes, room, state); });
}

HINDSIGHT_INTERCEPTOR size_t wcsnrtombs(char* out, const wchar_t** from, size_t count, size_t room,
                                        mbstate_t* state) noexcept {
  return convertPart(HINDSIGHT_CALLER_PC, out, from, count, room, state,
                     [=] { return real.wcsnrtombs(out, from, count, room, state); });
}

HINDSIGHT_INTERCEPTOR size_t __wcsnrtombs_chk(char* out, const wchar_t** from, size_t count,
                                              size_t room, mbstate_t* state,
                                              size_t object_room) noexcept {
  demandRoom(room, object_room);
  return convertPart(HINDSIGHT_CALLER_PC, out, from, count, room, state,
                     [=] { return real.wcsnrtombs(out, from, count, room, state); });
}
