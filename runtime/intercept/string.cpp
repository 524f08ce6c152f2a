// string.cpp - strlen, strcmp, strchr and the other functions that only read strings.
//
// What a function reads: up to and including the byte that decides its result. A terminator that
// was looked at counts. Comparisons stop at the first difference, searches at the match.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/intercepted_call.h"

using namespace hindsight;

namespace {

size_t bytesThrough(const char* from, const char* last) {
  return static_cast<size_t>(last - from) + 1;
}

void checkRead(uptr pc, const char* from, size_t bytes) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.reads(from, bytes);
  call.finish();
}

/// `text` was searched from its start; the search ended at `found`, or at the end of the string.
void checkSearch(uptr pc, const char* text, const char* found) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  if (found != nullptr) {
    call.reads(text, bytesThrough(text, found));
  } else {
    call.readsString(text);
  }
}

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// Bytes of each string that a comparison of at most `limit` bytes has to look at.
template <class Fold>
size_t comparedBytes(const char* left, const char* right, size_t limit, Fold fold) {
  for (size_t i = 0; i < limit; ++i)
    if (fold(left[i]) != fold(right[i]) || left[i] == '\0') return i + 1;
  return limit;
}

template <class Fold>
void checkCompare(uptr pc, const char* left, const char* right, size_t limit, Fold fold) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  const size_t bytes = comparedBytes(left, right, limit, fold);
  call.reads(left, bytes);
  call.reads(right, bytes);
  call.finish();
}

constexpr size_t kNoLimit = ~size_t{0};
constexpr auto kExact = [](char c) { return c; };
constexpr auto kIgnoreCase = [](char c) { return lowered(c); };

/// `part` was looked for in `text`: all of it is read, and `text` to the end of the match.
void checkPartSearch(uptr pc, const char* text, const char* part, const char* found) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.readsString(part);
  if (found != nullptr) {
    call.reads(text, static_cast<size_t>(found - text) + real.strlen(part));
  } else {
    call.readsString(text);
  }
}

/// `text` was scanned over `bytes` members (or non-members) of `set` and one byte further.
void checkSpan(uptr pc, const char* text, const char* set, size_t bytes) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.readsString(set);
  call.reads(text, bytes + 1);
}

}  // namespace

// Lengths.

HINDSIGHT_INTERCEPTOR size_t strlen(const char* text) noexcept {
  const size_t length = real.strlen(text);
  checkRead(HINDSIGHT_CALLER_PC, text, length + 1);
  return length;
}

HINDSIGHT_INTERCEPTOR size_t strnlen(const char* text, size_t limit) noexcept {
  const size_t length = real.strnlen(text, limit);
  checkRead(HINDSIGHT_CALLER_PC, text, min(length + 1, limit));
  return length;
}

// Comparisons.

HINDSIGHT_INTERCEPTOR int strcmp(const char* left, const char* right) noexcept {
  checkCompare(HINDSIGHT_CALLER_PC, left, right, kNoLimit, kExact);
  return real.strcmp(left, right);
}

HINDSIGHT_INTERCEPTOR int strncmp(const char* left, const char* right, size_t limit) noexcept {
  checkCompare(HINDSIGHT_CALLER_PC, left, right, limit, kExact);
  return real.strncmp(left, right, limit);
}

HINDSIGHT_INTERCEPTOR int strcasecmp(const char* left, const char* right) noexcept {
  checkCompare(HINDSIGHT_CALLER_PC, left, right, kNoLimit, kIgnoreCase);
  return real.strcasecmp(left, right);
}
HINDSIGHT_ALIAS(__strcasecmp, strcasecmp);

HINDSIGHT_INTERCEPTOR int strncasecmp(const char* left, const char* right, size_t limit) noexcept {
  checkCompare(HINDSIGHT_CALLER_PC, left, right, limit, kIgnoreCase);
  return real.strncasecmp(left, right, limit);
}

HINDSIGHT_INTERCEPTOR int strcoll(const char* left, const char* right) noexcept {
  {
    InterceptedCall call(HINDSIGHT_CALLER_PC);
    if (!call.bypass()) call.readsString(left), call.readsString(right);
  }
  return real.strcoll(left, right);
}

// Searches.

HINDSIGHT_OVERLOAD const char* strchr(const char* text, int character) noexcept {
  const char* found = real.strchr(text, character);
  checkSearch(HINDSIGHT_CALLER_PC, text, found);
  return found;
}

HINDSIGHT_INTERCEPTOR char* index(const char* text, int character) noexcept {
  const char* found = real.strchr(text, character);
  checkSearch(HINDSIGHT_CALLER_PC, text, found);
  return const_cast<char*>(found);
}

HINDSIGHT_OVERLOAD const char* strchrnul(const char* text, int character) noexcept {
  const char* found = real.strchrnul(text, character);
  checkSearch(HINDSIGHT_CALLER_PC, text, found);
  return found;
}

HINDSIGHT_OVERLOAD const char* strrchr(const char* text, int character) noexcept {
  const char* found = real.strrchr(text, character);
  checkSearch(HINDSIGHT_CALLER_PC, text, nullptr);
  return found;
}

HINDSIGHT_INTERCEPTOR char* rindex(const char* text, int character) noexcept {
  const char* found = real.strrchr(text, character);
  checkSearch(HINDSIGHT_CALLER_PC, text, nullptr);
  return const_cast<char*>(found);
}

HINDSIGHT_OVERLOAD const char* strstr(const char* text, const char* part) noexcept {
  const char* found = real.strstr(text, part);
  checkPartSearch(HINDSIGHT_CALLER_PC, text, part, found);
  return found;
}

HINDSIGHT_OVERLOAD const char* strcasestr(const char* text, const char* part) noexcept {
  const char* found = real.strcasestr(text, part);
  checkPartSearch(HINDSIGHT_CALLER_PC, text, part, found);
  return found;
}
HINDSIGHT_ALIAS_AS(char* __strcasestr(const char*, const char*) noexcept, strcasestr);

HINDSIGHT_INTERCEPTOR size_t strspn(const char* text, const char* set) noexcept {
  const size_t bytes = real.strspn(text, set);
  checkSpan(HINDSIGHT_CALLER_PC, text, set, bytes);
  return bytes;
}

HINDSIGHT_INTERCEPTOR size_t strcspn(const char* text, const char* set) noexcept {
  const size_t bytes = real.strcspn(text, set);
  checkSpan(HINDSIGHT_CALLER_PC, text, set, bytes);
  return bytes;
}

HINDSIGHT_OVERLOAD const char* strpbrk(const char* text, const char* set) noexcept {
  const size_t bytes = real.strcspn(text, set);
  checkSpan(HINDSIGHT_CALLER_PC, text, set, bytes);
  return text[bytes] != '\0' ? text + bytes : nullptr;
}
