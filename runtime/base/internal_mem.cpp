// internal_mem.cpp - memcpy & co. without libc, without vector registers.
//
// Compiled with -fno-builtin, so that no loop here is turned into a call of the function it
// implements. Small blocks go word by word; large ones use the string instructions, which every
// x86-64 processor of the last decade runs at cache-line speed (ERMS), with a start-up cost that
// only pays above a few hundred bytes.
#define HINDSIGHT_INTERNAL_MEM_DEFINITIONS
#include "base/internal_mem.h"

#include "base/types.h"

namespace hindsight {
namespace {

/// A word at any address, of any type's bytes.
struct __attribute__((packed, may_alias)) Word {
  u64 value;
};

[[maybe_unused]] constexpr size_t kStringInstructionBytes = 256;

void copyForward(u8* to, const u8* from, size_t bytes) {
#if defined(__x86_64__)
  if (bytes >= kStringInstructionBytes) {
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
    return;
  }
#endif
  for (; bytes >= sizeof(Word); bytes -= sizeof(Word)) {
    reinterpret_cast<Word*>(to)->value = reinterpret_cast<const Word*>(from)->value;
    to += sizeof(Word);
    from += sizeof(Word);
  }
  for (; bytes != 0; --bytes) *to++ = *from++;
}

void copyBackward(u8* to, const u8* from, size_t bytes) {
  for (; bytes >= sizeof(Word); bytes -= sizeof(Word))
    reinterpret_cast<Word*>(to + bytes - sizeof(Word))->value =
        reinterpret_cast<const Word*>(from + bytes - sizeof(Word))->value;
  for (; bytes != 0; --bytes) to[bytes - 1] = from[bytes - 1];
}

}  // namespace
}  // namespace hindsight

using hindsight::u64;
using hindsight::u8;
using hindsight::uptr;

void* __hindsight_internal_memcpy(void* to, const void* from, size_t bytes) {
  hindsight::copyForward(static_cast<u8*>(to), static_cast<const u8*>(from), bytes);
  return to;
}

void* __hindsight_internal_memmove(void* to, const void* from, size_t bytes) {
  // Unsigned: also true when `to` is below `from`. A forward copy is safe unless `to` lies inside
  // the source block.
  if (reinterpret_cast<uptr>(to) - reinterpret_cast<uptr>(from) >= bytes)
    hindsight::copyForward(static_cast<u8*>(to), static_cast<const u8*>(from), bytes);
  else
    hindsight::copyBackward(static_cast<u8*>(to), static_cast<const u8*>(from), bytes);
  return to;
}

void* __hindsight_internal_memset(void* to, int value, size_t bytes) {
  u8* out = static_cast<u8*>(to);
#if defined(__x86_64__)
  if (bytes >= hindsight::kStringInstructionBytes) {
    asm volatile("rep stosb" : "+D"(out), "+c"(bytes) : "a"(value) : "memory");
    return to;
  }
#endif
  const u64 pattern = 0x0101010101010101ull * static_cast<u8>(value);
  for (; bytes >= sizeof(hindsight::Word); bytes -= sizeof(hindsight::Word)) {
    reinterpret_cast<hindsight::Word*>(out)->value = pattern;
    out += sizeof(hindsight::Word);
  }
  for (; bytes != 0; --bytes) *out++ = static_cast<u8>(value);
  return to;
}

int __hindsight_internal_memcmp(const void* left, const void* right, size_t bytes) {
  const u8* a = static_cast<const u8*>(left);
  const u8* b = static_cast<const u8*>(right);
  while (bytes >= sizeof(hindsight::Word) &&
         reinterpret_cast<const hindsight::Word*>(a)->value ==
             reinterpret_cast<const hindsight::Word*>(b)->value) {
    a += sizeof(hindsight::Word);
    b += sizeof(hindsight::Word);
    bytes -= sizeof(hindsight::Word);
  }
  for (; bytes != 0; --bytes, ++a, ++b)
    if (*a != *b) return *a < *b ? -1 : 1;
  return 0;
}
