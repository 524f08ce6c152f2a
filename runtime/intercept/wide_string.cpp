// wide_string.cpp - wmemcpy, wcslen and the rest of the wide-character basics.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/intercepted_call.h"

using namespace hindsight;

namespace {

constexpr size_t inBytes(size_t characters) { return characters * sizeof(wchar_t); }

void checkRead(uptr pc, const wchar_t* from, size_t count) {
  InterceptedCall call(pc);
  if (!call.bypass()) call.reads(from, inBytes(count));
}

void checkWrite(uptr pc, const wchar_t* to, size_t count) {
  InterceptedCall call(pc);
  if (!call.bypass()) call.writes(to, inBytes(count));
}

void checkCopy(uptr pc, const wchar_t* to, size_t written, const wchar_t* from, size_t count) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.reads(from, inBytes(count));
  call.writes(to, inBytes(written));
}

void checkStringCopy(uptr pc, const wchar_t* to, const wchar_t* from) {
  const size_t count = real.wcslen(from) + 1;
  checkCopy(pc, to, count, from, count);
}

void checkAppend(uptr pc, const wchar_t* to, const wchar_t* from, size_t limit) {
  const size_t length = real.wcslen(to);
  const size_t added = real.wcsnlen(from, limit);
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.reads(to, inBytes(length + 1));
  call.reads(from, inBytes(min(added + 1, limit)));
  call.writes(to + length, inBytes(added + 1));
}

/// Compared up to and including the first difference, or `limit`, or the terminator.
void checkCompare(uptr pc, const wchar_t* left, const wchar_t* right, size_t limit, bool strings) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  size_t count = 0;
  while (count < limit) {
    const wchar_t a = left[count], b = right[count];
    ++count;
    if (a != b || (strings && a == 0)) break;
  }
  call.reads(left, inBytes(count));
  call.reads(right, inBytes(count));
}

constexpr size_t kNoLimit = ~size_t{0} / sizeof(wchar_t);

void demandRoom(size_t count, size_t room) {
  if (count > room) __chk_fail();
}

}  // namespace

// Blocks.

HINDSIGHT_INTERCEPTOR wchar_t* wmemcpy(wchar_t* to, const wchar_t* from, size_t count) noexcept {
  checkCopy(HINDSIGHT_CALLER_PC, to, count, from, count);
  return real.wmemcpy(to, from, count);
}

HINDSIGHT_INTERCEPTOR wchar_t* __wmemcpy_chk(wchar_t* to, const wchar_t* from, size_t count,
                                             size_t room) noexcept {
  demandRoom(count, room);
  checkCopy(HINDSIGHT_CALLER_PC, to, count, from, count);
  return real.wmemcpy(to, from, count);
}

HINDSIGHT_INTERCEPTOR wchar_t* wmemmove(wchar_t* to, const wchar_t* from, size_t count) noexcept {
  checkCopy(HINDSIGHT_CALLER_PC, to, count, from, count);
  return real.wmemmove(to, from, count);
}

HINDSIGHT_INTERCEPTOR wchar_t* __wmemmove_chk(wchar_t* to, const wchar_t* from, size_t count,
                                              size_t room) noexcept {
  demandRoom(count, room);
  checkCopy(HINDSIGHT_CALLER_PC, to, count, from, count);
  return real.wmemmove(to, from, count);
}

HINDSIGHT_INTERCEPTOR wchar_t* wmempcpy(wchar_t* to, const wchar_t* from, size_t count) noexcept {
  checkCopy(HINDSIGHT_CALLER_PC, to, count, from, count);
  return real.wmemcpy(to, from, count) + count;
}

HINDSIGHT_INTERCEPTOR wchar_t* wmemset(wchar_t* to, wchar_t value, size_t count) noexcept {
  checkWrite(HINDSIGHT_CALLER_PC, to, count);
  return real.wmemset(to, value, count);
}

HINDSIGHT_INTERCEPTOR wchar_t* __wmemset_chk(wchar_t* to, wchar_t value, size_t count,
                                             size_t room) noexcept {
  demandRoom(count, room);
  checkWrite(HINDSIGHT_CALLER_PC, to, count);
  return real.wmemset(to, value, count);
}

HINDSIGHT_INTERCEPTOR int wmemcmp(const wchar_t* left, const wchar_t* right,
                                  size_t count) noexcept {
  checkCompare(HINDSIGHT_CALLER_PC, left, right, count, false);
  return real.wmemcmp(left, right, count);
}

HINDSIGHT_INTERCEPTOR wchar_t* wmemchr(const wchar_t* from, wchar_t character,
                                       size_t count) noexcept {
  wchar_t* found = real.wmemchr(from, character, count);
  checkRead(HINDSIGHT_CALLER_PC, from,
            found != nullptr ? static_cast<size_t>(found - from) + 1 : count);
  return found;
}

// Strings.

HINDSIGHT_INTERCEPTOR size_t wcslen(const wchar_t* text) noexcept {
  const size_t length = real.wcslen(text);
  checkRead(HINDSIGHT_CALLER_PC, text, length + 1);
  return length;
}

HINDSIGHT_INTERCEPTOR size_t wcsnlen(const wchar_t* text, size_t limit) noexcept {
  const size_t length = real.wcsnlen(text, limit);
  checkRead(HINDSIGHT_CALLER_PC, text, min(length + 1, limit));
  return length;
}

HINDSIGHT_INTERCEPTOR int wcscmp(const wchar_t* left, const wchar_t* right) noexcept {
  checkCompare(HINDSIGHT_CALLER_PC, left, right, kNoLimit, true);
  return real.wcscmp(left, right);
}

HINDSIGHT_INTERCEPTOR int wcsncmp(const wchar_t* left, const wchar_t* right,
                                  size_t limit) noexcept {
  checkCompare(HINDSIGHT_CALLER_PC, left, right, limit, true);
  return real.wcsncmp(left, right, limit);
}

HINDSIGHT_INTERCEPTOR wchar_t* wcschr(const wchar_t* text, wchar_t character) noexcept {
  wchar_t* found = real.wcschr(text, character);
  const size_t last = found != nullptr ? static_cast<size_t>(found - text) : real.wcslen(text);
  checkRead(HINDSIGHT_CALLER_PC, text, last + 1);
  return found;
}

HINDSIGHT_INTERCEPTOR wchar_t* wcsrchr(const wchar_t* text, wchar_t character) noexcept {
  checkRead(HINDSIGHT_CALLER_PC, text, real.wcslen(text) + 1);
  return real.wcsrchr(text, character);
}

HINDSIGHT_INTERCEPTOR wchar_t* wcscpy(wchar_t* to, const wchar_t* from) noexcept {
  checkStringCopy(HINDSIGHT_CALLER_PC, to, from);
  return real.wcscpy(to, from);
}

HINDSIGHT_INTERCEPTOR wchar_t* __wcscpy_chk(wchar_t* to, const wchar_t* from,
                                            size_t room) noexcept {
  demandRoom(real.wcslen(from) + 1, room);
  checkStringCopy(HINDSIGHT_CALLER_PC, to, from);
  return real.wcscpy(to, from);
}

HINDSIGHT_INTERCEPTOR wchar_t* wcsncpy(wchar_t* to, const wchar_t* from, size_t limit) noexcept {
  checkCopy(HINDSIGHT_CALLER_PC, to, limit, from, min(real.wcsnlen(from, limit) + 1, limit));
  return real.wcsncpy(to, from, limit);
}

HINDSIGHT_INTERCEPTOR wchar_t* wcscat(wchar_t* to, const wchar_t* from) noexcept {
  checkAppend(HINDSIGHT_CALLER_PC, to, from, kNoLimit);
  return real.wcscat(to, from);
}

HINDSIGHT_INTERCEPTOR wchar_t* wcsncat(wchar_t* to, const wchar_t* from, size_t limit) noexcept {
  checkAppend(HINDSIGHT_CALLER_PC, to, from, limit);
  return real.wcsncat(to, from, limit);
}

HINDSIGHT_INTERCEPTOR wchar_t* wcsdup(const wchar_t* text) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.wcsdup(text);
  const size_t bytes = inBytes(real.wcslen(text) + 1);
  call.reads(text, bytes);
  wchar_t* copy = call.blocking([=] { return real.wcsdup(text); });
  if (copy != nullptr) call.writes(copy, bytes);
  return copy;
}
