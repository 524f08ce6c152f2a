// text.h - the few operations on C strings that the runtime needs.
//
// libc's own are the runtime's interceptors, so nothing here calls them.
//
// Thread safety: pure functions. Allocation: only copyText, in the arena.
#pragma once

#include "base/arena.h"
#include "base/types.h"

namespace hindsight {

inline size_t textLength(const char* text) {
  size_t length = 0;
  while (text[length] != 0) ++length;
  return length;
}

inline bool textEqual(const char* a, const char* b) {
  while (*a != 0 && *a == *b) ++a, ++b;
  return *a == *b;
}

/// `text` (of `length` bytes) is exactly the C string `other`.
inline bool textEqual(const char* text, size_t length, const char* other) {
  for (size_t i = 0; i < length; ++i)
    if (other[i] == 0 || text[i] != other[i]) return false;
  return other[length] == 0;
}

inline bool textStartsWith(const char* text, const char* prefix) {
  while (*prefix != 0)
    if (*text++ != *prefix++) return false;
  return true;
}

/// First occurrence of `needle` (of `length` bytes) in `text`; null if there is none.
inline const char* textFind(const char* text, const char* needle, size_t length) {
  for (;; ++text) {
    size_t matched = 0;
    while (matched < length && text[matched] == needle[matched]) ++matched;
    if (matched == length) return text;
    if (*text == 0) return nullptr;
  }
}

/// What follows the last '/' of `path`.
inline const char* baseName(const char* path) {
  const char* base = path;
  for (; *path != 0; ++path)
    if (*path == '/') base = path + 1;
  return base;
}

/// A copy that is never freed.
inline char* copyText(const char* text, size_t length) {
  char* copy = static_cast<char*>(arenaAllocate(length + 1));
  for (size_t i = 0; i < length; ++i) copy[i] = text[i];
  copy[length] = 0;
  return copy;
}
inline char* copyText(const char* text) { return copyText(text, textLength(text)); }

/// FNV-1a, continued from `hash`: stable across runs, machines and versions.
inline constexpr u64 kTextHashStart = 0xcbf29ce484222325ull;
inline u64 hashBytes(u64 hash, const void* data, size_t bytes) {
  const u8* byte = static_cast<const u8*>(data);
  for (size_t i = 0; i < bytes; ++i) hash = (hash ^ byte[i]) * 0x100000001b3ull;
  return hash;
}
inline u64 hashText(u64 hash, const char* text) {
  return hashBytes(hash, text, textLength(text) + 1);  // with the 0: "a","bc" is not "ab","c"
}
inline u64 hashNumber(u64 hash, u64 number) { return hashBytes(hash, &number, sizeof(number)); }

}  // namespace hindsight
