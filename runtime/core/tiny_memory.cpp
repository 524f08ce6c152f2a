#include "core/tiny_memory.h"

#include <sys/mman.h>

#include "platform/syscalls.h"

namespace hindsight {

constinit u64 tiny_pages[kTinyPages / 64] = {};

namespace {

constexpr size_t kLinesOfPage = kPageSize / kLineSize;

struct Pages {
  uptr first, last;  // one behind
};

Pages pagesOf(uptr begin, size_t bytes) {
  if (!hasStandIns() || begin >= kTinyEnd) return {0, 0};
  return {begin / kPageSize,
          roundUp(begin + min<uptr>(bytes, kTinyEnd - begin), kPageSize) / kPageSize};
}

/// Calls `change(word, bits)` for the pages' words of tiny_pages.
template <class Change>
void forEachWord(const Pages& pages, Change change) {
  for (uptr page = pages.first; page < pages.last;) {
    const uptr next = min(pages.last, roundDown(page, 64) + 64);
    change(&tiny_pages[page / 64], (~0ull >> (64 - (next - page))) << page % 64);
    page = next;
  }
}

/// Undoes closeShortRoad.
void openShortRoad(const Pages& pages) {
  u32* const words = lineWord(pages.first * kPageSize);
  u32* const end = lineWord(pages.last * kPageSize);
  const uptr first_whole = roundUp(reinterpret_cast<uptr>(words), kPageSize);
  const uptr last_whole = roundDown(reinterpret_cast<uptr>(end), kPageSize);
  const auto open = [](u32* from, u32* to) {
    for (; from < to; ++from)
      if (*from == 1) __atomic_store_n(from, 0, __ATOMIC_RELAXED);
  };
  if (first_whole >= last_whole) return open(words, end);
  open(words, reinterpret_cast<u32*>(first_whole));
  open(reinterpret_cast<u32*>(last_whole), end);
  sysMadvise(reinterpret_cast<void*>(first_whole), last_whole - first_whole, MADV_DONTNEED);
}

}  // namespace

uptr standInOf(uptr address) {
  return isTinyMemory(address) ? address + address_layout.stand_ins : 0;
}

void tinyMapped(uptr begin, size_t bytes) {
  forEachWord(pagesOf(begin, bytes),
              [](u64* word, u64 bits) { __atomic_or_fetch(word, bits, __ATOMIC_RELAXED); });
}

bool tinyUnmapped(uptr begin, size_t bytes) {
  const Pages pages = pagesOf(begin, bytes);
  bool known = false;
  forEachWord(pages, [&](u64* word, u64 bits) {
    if ((__atomic_load_n(word, __ATOMIC_RELAXED) & bits) == 0) return;
    known = (__atomic_fetch_and(word, ~bits, __ATOMIC_RELAXED) & bits) != 0 || known;
  });
  if (known) openShortRoad(pages);
  return known;
}

void closeShortRoad(uptr address) {
  const uptr first = roundDown(address, kPageSize) - kPageSize;  // may be no page at all
  for (u32 i = 0; i < 3; ++i) {
    const uptr page = first + i * kPageSize;
    if (!isTinyMemory(page)) continue;
    u32* const words = lineWord(page);
    // Whoever has closed the last line has closed them all.
    if (__atomic_load_n(&words[kLinesOfPage - 1], __ATOMIC_RELAXED) == 1) continue;
    for (size_t line = 0; line < kLinesOfPage; ++line)
      __atomic_store_n(&words[line], 1, __ATOMIC_RELEASE);
  }
}

}  // namespace hindsight
