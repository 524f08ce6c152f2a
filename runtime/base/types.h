// types.h - integer names, checks and small utilities that every layer may use.
//
// Glossary. stamp: a (thread, epoch) pair packed into 28 bits. cell: a stamp with a 4-bit byte
// mask. line: 64 application bytes. record: the exact access list of a line whose words no single
// cell can describe. slot: the index of a thread's timeline in every vector clock.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace hindsight {

using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;
using uptr = uintptr_t;
using sptr = intptr_t;

inline constexpr uptr kPageSize = 4096;
inline constexpr uptr kLineSize = 64;
inline constexpr uptr kWordSize = 4;

/// Of a variable that several files use: reached at once, not through the global offset table.
#define HINDSIGHT_HIDDEN __attribute__((visibility("hidden")))
#define HINDSIGHT_LIKELY(x) __builtin_expect(!!(x), 1)
#define HINDSIGHT_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define HINDSIGHT_NOINLINE __attribute__((noinline))
#define HINDSIGHT_ALWAYS_INLINE __attribute__((always_inline)) inline
/// A function that keeps all general registers but one: where it is called from on the road of an
/// access that has to save what it uses (entry/access_abi.cpp), or called by the program itself.
#if defined(__x86_64__) || __clang_major__ >= 17
#define HINDSIGHT_KEEPS_REGISTERS __attribute__((preserve_most))
#else
#error "preserve_most needs Clang 17 on this processor"
#endif
/// Visible to the instrumented program; everything else in the runtime is hidden.
#define HINDSIGHT_EXPORT extern "C" __attribute__((visibility("default")))

/// An invariant of the runtime that stays on in release builds: says what broke, then aborts.
#define HINDSIGHT_CHECK(condition)                              \
  do {                                                          \
    if (HINDSIGHT_UNLIKELY(!(condition)))                       \
      ::hindsight::checkFailed(#condition, __FILE__, __LINE__); \
  } while (0)

/// Writes `condition`, file and line to stderr with raw system calls and aborts.
[[noreturn]] void checkFailed(const char* condition, const char* file, int line);

constexpr uptr roundDown(uptr value, uptr unit) { return value & ~(unit - 1); }
constexpr uptr roundUp(uptr value, uptr unit) { return roundDown(value + unit - 1, unit); }

/// The cache line of `address` is asked for, to be written.
HINDSIGHT_ALWAYS_INLINE void prefetchForWrite(const void* address) {
#if defined(__x86_64__)
  asm("prefetchw %0" : : "m"(*static_cast<const char*>(address)));  // a no-op where there is none
#else
  __builtin_prefetch(address, 1);
#endif
}

/// The same, to be read. Where vector registers may not be used, the builtin is nothing.
HINDSIGHT_ALWAYS_INLINE void prefetchForRead(const void* address) {
#if defined(__x86_64__)
  asm("prefetcht0 %0" : : "m"(*static_cast<const char*>(address)));
#else
  __builtin_prefetch(address);
#endif
}

template <class T>
constexpr T min(T a, T b) {
  return a < b ? a : b;
}
template <class T>
constexpr T max(T a, T b) {
  return a < b ? b : a;
}

}  // namespace hindsight
