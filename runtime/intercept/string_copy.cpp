// string_copy.cpp - strcpy, strcat, strdup, strtok and the other functions that write strings.
//
// Checks come first and the copy after the InterceptedCall has gone, as in memory.cpp.
// Functions that allocate call malloc inside the C library, so their real part runs outside the
// runtime: the block must be seen by the malloc interceptor.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/intercepted_call.h"

using namespace hindsight;

namespace {

/// `bytes` bytes of `from` end up at `to`, which receives `written` bytes in all.
void checkCopy(uptr pc, const char* to, size_t written, const char* from, size_t bytes) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.reads(from, bytes);
  call.writes(to, written);
}

void checkStringCopy(uptr pc, const char* to, const char* from) {
  const size_t bytes = real.strlen(from) + 1;
  checkCopy(pc, to, bytes, from, bytes);
}

/// strncpy fills all of `limit` bytes, with zeros past the end of the string.
void checkBoundedCopy(uptr pc, const char* to, const char* from, size_t limit) {
  checkCopy(pc, to, limit, from, min(real.strnlen(from, limit) + 1, limit));
}

/// The terminator of `to` is read, then overwritten.
void checkAppend(uptr pc, const char* to, const char* from, size_t limit) {
  const size_t length = real.strlen(to);
  const size_t added = real.strnlen(from, limit);
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.reads(to, length + 1);
  call.reads(from, min(added + 1, limit));
  call.writes(to + length, added + 1);
}

constexpr size_t kNoLimit = ~size_t{0};

/// Aborts as glibc does when a copy of `bytes` bytes cannot fit.
void demandRoom(size_t bytes, size_t room) {
  if (bytes > room) __chk_fail();
}

char* duplicate(uptr pc, const char* text, size_t limit) {
  InterceptedCall call(pc);
  if (call.bypass()) return limit == kNoLimit ? real.strdup(text) : real.strndup(text, limit);
  const size_t length = real.strnlen(text, limit);
  call.reads(text, min(length + 1, limit));
  char* copy = call.blocking(
      [=] { return limit == kNoLimit ? real.strdup(text) : real.strndup(text, limit); });
  if (copy != nullptr) call.writes(copy, length + 1);
  return copy;
}

/// strtok_r: what was scanned is read, the byte that ends the token is written.
char* nextToken(uptr pc, char* text, const char* separators, char** state) {
  InterceptedCall call(pc);
  if (call.bypass()) return real.strtok_r(text, separators, state);
  call.readsString(separators);
  if (text == nullptr) call.reads(state, sizeof *state);
  const char* start = text != nullptr ? text : *state;
  char* token = real.strtok_r(text, separators, state);
  call.writes(state, sizeof *state);
  if (start == nullptr) return token;
  const char* end = (token != nullptr ? token : start) + real.strlen(token ? token : start);
  call.reads(start, static_cast<size_t>(end - start) + 1);
  if (token != nullptr && *state > end) call.writes(end, 1);
  return token;
}

}  // namespace

// Copies.

HINDSIGHT_INTERCEPTOR char* strcpy(char* to, const char* from) noexcept {
  checkStringCopy(HINDSIGHT_CALLER_PC, to, from);
  return real.strcpy(to, from);
}

HINDSIGHT_INTERCEPTOR char* __strcpy_chk(char* to, const char* from, size_t room) noexcept {
  demandRoom(real.strlen(from) + 1, room);
  checkStringCopy(HINDSIGHT_CALLER_PC, to, from);
  return real.strcpy(to, from);
}

HINDSIGHT_INTERCEPTOR char* stpcpy(char* to, const char* from) noexcept {
  checkStringCopy(HINDSIGHT_CALLER_PC, to, from);
  return real.stpcpy(to, from);
}
HINDSIGHT_ALIAS(__stpcpy, stpcpy);

HINDSIGHT_INTERCEPTOR char* __stpcpy_chk(char* to, const char* from, size_t room) noexcept {
  demandRoom(real.strlen(from) + 1, room);
  checkStringCopy(HINDSIGHT_CALLER_PC, to, from);
  return real.stpcpy(to, from);
}

HINDSIGHT_INTERCEPTOR char* strncpy(char* to, const char* from, size_t limit) noexcept {
  checkBoundedCopy(HINDSIGHT_CALLER_PC, to, from, limit);
  return real.strncpy(to, from, limit);
}

HINDSIGHT_INTERCEPTOR char* __strncpy_chk(char* to, const char* from, size_t limit,
                                          size_t room) noexcept {
  demandRoom(limit, room);
  checkBoundedCopy(HINDSIGHT_CALLER_PC, to, from, limit);
  return real.strncpy(to, from, limit);
}

HINDSIGHT_INTERCEPTOR char* stpncpy(char* to, const char* from, size_t limit) noexcept {
  checkBoundedCopy(HINDSIGHT_CALLER_PC, to, from, limit);
  return real.stpncpy(to, from, limit);
}
HINDSIGHT_ALIAS(__stpncpy, stpncpy);

HINDSIGHT_INTERCEPTOR char* __stpncpy_chk(char* to, const char* from, size_t limit,
                                          size_t room) noexcept {
  demandRoom(limit, room);
  checkBoundedCopy(HINDSIGHT_CALLER_PC, to, from, limit);
  return real.stpncpy(to, from, limit);
}

HINDSIGHT_INTERCEPTOR char* strcat(char* to, const char* from) noexcept {
  checkAppend(HINDSIGHT_CALLER_PC, to, from, kNoLimit);
  return real.strcat(to, from);
}

HINDSIGHT_INTERCEPTOR char* __strcat_chk(char* to, const char* from, size_t room) noexcept {
  demandRoom(real.strlen(to) + real.strlen(from) + 1, room);
  checkAppend(HINDSIGHT_CALLER_PC, to, from, kNoLimit);
  return real.strcat(to, from);
}

HINDSIGHT_INTERCEPTOR char* strncat(char* to, const char* from, size_t limit) noexcept {
  checkAppend(HINDSIGHT_CALLER_PC, to, from, limit);
  return real.strncat(to, from, limit);
}

HINDSIGHT_INTERCEPTOR char* __strncat_chk(char* to, const char* from, size_t limit,
                                          size_t room) noexcept {
  demandRoom(real.strlen(to) + real.strnlen(from, limit) + 1, room);
  checkAppend(HINDSIGHT_CALLER_PC, to, from, limit);
  return real.strncat(to, from, limit);
}

HINDSIGHT_INTERCEPTOR size_t strxfrm(char* to, const char* from, size_t room) noexcept {
  const size_t length = real.strxfrm(to, from, room);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return length;
  call.readsString(from);
  if (length < room) call.writes(to, length + 1);
  return length;
}

// Copies into memory of their own.

HINDSIGHT_INTERCEPTOR char* strdup(const char* text) noexcept {
  return duplicate(HINDSIGHT_CALLER_PC, text, kNoLimit);
}
HINDSIGHT_ALIAS(__strdup, strdup);

HINDSIGHT_INTERCEPTOR char* strndup(const char* text, size_t limit) noexcept {
  return duplicate(HINDSIGHT_CALLER_PC, text, limit);
}
HINDSIGHT_ALIAS(__strndup, strndup);

// Tokens.

HINDSIGHT_INTERCEPTOR char* strtok_r(char* text, const char* separators, char** state) noexcept {
  return nextToken(HINDSIGHT_CALLER_PC, text, separators, state);
}
HINDSIGHT_ALIAS(__strtok_r, strtok_r);

/// The state that the C library keeps is written by every call; ours has the same races.
HINDSIGHT_INTERCEPTOR char* strtok(char* text, const char* separators) noexcept {
  static char* state;
  return nextToken(HINDSIGHT_CALLER_PC, text, separators, &state);
}

HINDSIGHT_INTERCEPTOR char* strsep(char** text, const char* separators) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.strsep(text, separators);
  call.readsString(separators);
  call.reads(text, sizeof *text);
  char* token = real.strsep(text, separators);
  if (token == nullptr) return token;
  call.writes(text, sizeof *text);
  const size_t length = real.strlen(token);
  call.reads(token, length + 1);
  if (*text != nullptr) call.writes(token + length, 1);
  return token;
}
HINDSIGHT_ALIAS(__strsep_g, strsep);
