// memory.cpp - memcpy, memset, memcmp, memchr and their kin, and the three that instrumented code
// calls for the compiler's own block copies.
//
// The pattern: check inside an InterceptedCall, then copy after it has gone, so that a fault in
// the program's memory is the program's own and not one inside the runtime.
//
// This file defines memcpy, memmove and memset themselves: it is compiled without the header that
// redirects those three to the runtime's internal ones.
#include "intercept/real_calls.h"

#include "intercept/intercepted_call.h"

using namespace hindsight;

namespace {

void checkRead(uptr pc, const void* from, size_t bytes) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.reads(from, bytes);
  call.finish();
}

void checkWrite(uptr pc, const void* to, size_t bytes) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.writes(to, bytes);
  call.finish();
}

void checkCopy(uptr pc, const void* to, const void* from, size_t bytes) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.reads(from, bytes);
  call.writes(to, bytes);
  call.finish();
}

/// Bytes that a comparison has to look at: up to and including the first that differs.
size_t comparedBytes(const void* left, const void* right, size_t bytes) {
  auto* a = static_cast<const u8*>(left);
  auto* b = static_cast<const u8*>(right);
  size_t i = 0;
  for (; i + 8 <= bytes; i += 8) {
    u64 x, y;
    __builtin_memcpy(&x, a + i, 8);
    __builtin_memcpy(&y, b + i, 8);
    if (x != y) break;
  }
  for (; i < bytes; ++i)
    if (a[i] != b[i]) return i + 1;
  return bytes;
}

void checkCompare(uptr pc, const void* left, const void* right, size_t bytes) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  const size_t compared = comparedBytes(left, right, bytes);
  call.reads(left, compared);
  call.reads(right, compared);
  call.finish();
}

size_t bytesThrough(const void* from, const void* last) {
  return static_cast<size_t>(static_cast<const char*>(last) - static_cast<const char*>(from)) + 1;
}

template <class Word>
void copyEnds(void* to, const void* from, size_t bytes) {
  const size_t last = bytes - sizeof(Word);
  Word head, tail;
  __builtin_memcpy(&head, from, sizeof(Word));
  __builtin_memcpy(&tail, static_cast<const char*>(from) + last, sizeof(Word));
  __builtin_memcpy(to, &head, sizeof(Word));
  __builtin_memcpy(static_cast<char*>(to) + last, &tail, sizeof(Word));
}

/// Copies up to 16 bytes, ends overlapping, without a call; false when there are more.
/// Reads all before it writes, so it also serves memmove.
HINDSIGHT_ALWAYS_INLINE bool copyFew(void* to, const void* from, size_t bytes) {
  if (bytes > 16) return false;
  if (bytes >= 8) {
    copyEnds<u64>(to, from, bytes);
  } else if (bytes >= 4) {
    copyEnds<u32>(to, from, bytes);
  } else if (bytes >= 2) {
    copyEnds<u16>(to, from, bytes);
  } else if (bytes == 1) {
    *static_cast<char*>(to) = *static_cast<const char*>(from);
  }
  return true;
}

}  // namespace

// Called by instrumented code for llvm.memcpy, llvm.memmove and llvm.memset.

HINDSIGHT_EXPORT void* __hindsight_memcpy(void* to, const void* from, size_t bytes) {
  checkCopy(HINDSIGHT_CALLER_PC, to, from, bytes);
  return copyFew(to, from, bytes) ? to : real.memcpy(to, from, bytes);
}

HINDSIGHT_EXPORT void* __hindsight_memmove(void* to, const void* from, size_t bytes) {
  checkCopy(HINDSIGHT_CALLER_PC, to, from, bytes);
  return copyFew(to, from, bytes) ? to : real.memmove(to, from, bytes);
}

HINDSIGHT_EXPORT void* __hindsight_memset(void* to, int byte, size_t bytes) {
  checkWrite(HINDSIGHT_CALLER_PC, to, bytes);
  return real.memset(to, byte, bytes);
}

// The same for objects that ThreadSanitizer's pass has instrumented.
HINDSIGHT_ALIAS(__tsan_memcpy, __hindsight_memcpy);
HINDSIGHT_ALIAS(__tsan_memmove, __hindsight_memmove);
HINDSIGHT_ALIAS(__tsan_memset, __hindsight_memset);

// Copies.

HINDSIGHT_INTERCEPTOR void* memcpy(void* to, const void* from, size_t bytes) noexcept {
  checkCopy(HINDSIGHT_CALLER_PC, to, from, bytes);
  return real.memcpy(to, from, bytes);
}

HINDSIGHT_INTERCEPTOR void* __memcpy_chk(void* to, const void* from, size_t bytes,
                                         size_t room) noexcept {
  if (bytes > room) __chk_fail();
  checkCopy(HINDSIGHT_CALLER_PC, to, from, bytes);
  return real.memcpy(to, from, bytes);
}

HINDSIGHT_INTERCEPTOR void* memmove(void* to, const void* from, size_t bytes) noexcept {
  checkCopy(HINDSIGHT_CALLER_PC, to, from, bytes);
  return real.memmove(to, from, bytes);
}

HINDSIGHT_INTERCEPTOR void* __memmove_chk(void* to, const void* from, size_t bytes,
                                          size_t room) noexcept {
  if (bytes > room) __chk_fail();
  checkCopy(HINDSIGHT_CALLER_PC, to, from, bytes);
  return real.memmove(to, from, bytes);
}

HINDSIGHT_INTERCEPTOR void* mempcpy(void* to, const void* from, size_t bytes) noexcept {
  checkCopy(HINDSIGHT_CALLER_PC, to, from, bytes);
  return real.mempcpy(to, from, bytes);
}
HINDSIGHT_ALIAS(__mempcpy, mempcpy);

HINDSIGHT_INTERCEPTOR void* __mempcpy_chk(void* to, const void* from, size_t bytes,
                                          size_t room) noexcept {
  if (bytes > room) __chk_fail();
  checkCopy(HINDSIGHT_CALLER_PC, to, from, bytes);
  return real.mempcpy(to, from, bytes);
}

HINDSIGHT_INTERCEPTOR void bcopy(const void* from, void* to, size_t bytes) noexcept {
  checkCopy(HINDSIGHT_CALLER_PC, to, from, bytes);
  real.memmove(to, from, bytes);
}

HINDSIGHT_INTERCEPTOR void* memccpy(void* to, const void* from, int last, size_t bytes) noexcept {
  const void* found = real.memchr(from, last, bytes);
  checkCopy(HINDSIGHT_CALLER_PC, to, from, found != nullptr ? bytesThrough(from, found) : bytes);
  return real.memccpy(to, from, last, bytes);
}

// Fills.

HINDSIGHT_INTERCEPTOR void* memset(void* to, int byte, size_t bytes) noexcept {
  checkWrite(HINDSIGHT_CALLER_PC, to, bytes);
  return real.memset(to, byte, bytes);
}

HINDSIGHT_INTERCEPTOR void* __memset_chk(void* to, int byte, size_t bytes, size_t room) noexcept {
  if (bytes > room) __chk_fail();
  checkWrite(HINDSIGHT_CALLER_PC, to, bytes);
  return real.memset(to, byte, bytes);
}

HINDSIGHT_INTERCEPTOR void bzero(void* to, size_t bytes) noexcept {
  checkWrite(HINDSIGHT_CALLER_PC, to, bytes);
  real.memset(to, 0, bytes);
}
HINDSIGHT_ALIAS(__bzero, bzero);

HINDSIGHT_INTERCEPTOR void explicit_bzero(void* to, size_t bytes) noexcept {
  checkWrite(HINDSIGHT_CALLER_PC, to, bytes);
  real.memset(to, 0, bytes);
}

HINDSIGHT_INTERCEPTOR void __explicit_bzero_chk(void* to, size_t bytes, size_t room) noexcept {
  if (bytes > room) __chk_fail();
  checkWrite(HINDSIGHT_CALLER_PC, to, bytes);
  real.memset(to, 0, bytes);
}

// Comparisons and searches.

HINDSIGHT_INTERCEPTOR int memcmp(const void* left, const void* right, size_t bytes) noexcept {
  checkCompare(HINDSIGHT_CALLER_PC, left, right, bytes);
  return real.memcmp(left, right, bytes);
}

HINDSIGHT_INTERCEPTOR int bcmp(const void* left, const void* right, size_t bytes) noexcept {
  checkCompare(HINDSIGHT_CALLER_PC, left, right, bytes);
  return real.memcmp(left, right, bytes);
}

// glibc's headers declare these three twice for C++; the definition takes their symbol name along.

HINDSIGHT_OVERLOAD const void* memchr(const void* from, int byte, size_t bytes) noexcept {
  const void* found = real.memchr(from, byte, bytes);
  checkRead(HINDSIGHT_CALLER_PC, from, found != nullptr ? bytesThrough(from, found) : bytes);
  return found;
}

HINDSIGHT_OVERLOAD const void* memrchr(const void* from, int byte, size_t bytes) noexcept {
  const void* found = real.memrchr(from, byte, bytes);
  const char* end = static_cast<const char*>(from) + bytes;
  const void* first = found != nullptr ? found : from;
  checkRead(HINDSIGHT_CALLER_PC, first, static_cast<size_t>(end - static_cast<const char*>(first)));
  return found;
}

HINDSIGHT_OVERLOAD const void* rawmemchr(const void* from, int byte) noexcept {
  const void* found = real.rawmemchr(from, byte);
  checkRead(HINDSIGHT_CALLER_PC, from, bytesThrough(from, found));
  return found;
}
HINDSIGHT_ALIAS_AS(void* __rawmemchr(const void*, int) noexcept, rawmemchr);

HINDSIGHT_INTERCEPTOR void* memmem(const void* text, size_t bytes, const void* part,
                                   size_t part_bytes) noexcept {
  void* found = real.memmem(text, bytes, part, part_bytes);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return found;
  call.reads(part, part_bytes);
  call.reads(text, found != nullptr ? bytesThrough(text, found) - 1 + part_bytes : bytes);
  return found;
}
