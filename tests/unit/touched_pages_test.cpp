// touched_pages_test.cpp - written pages are found, wherever they lie in a sparse reservation.
#include "platform/touched_pages.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <set>

namespace hindsight {
namespace {

constexpr size_t kBytes = 1ull << 34;

void findsExactlyWhatWasWritten(TouchedPages::Way way) {
  void* memory = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  madvise(memory, kBytes, MADV_NOHUGEPAGE);
  const auto begin = reinterpret_cast<uptr>(memory);
  std::set<uptr> written;
  for (size_t page = 0; page < 5000; ++page) written.insert(begin + page * 3 * kPageSize);
  for (size_t page = 0; page < 5000; ++page)
    written.insert(begin + (1ull << 33) + page * kPageSize);
  written.insert(begin + kBytes - kPageSize);
  for (const uptr page : written) *reinterpret_cast<volatile char*>(page) = 1;

  static TouchedPages pages;
  pages.open(way);
  std::set<uptr> found;
  const bool told = pages.forEachRun(begin, begin + kBytes, [&](uptr first, uptr last) {
    for (uptr page = first; page < last; page += kPageSize)
      EXPECT_TRUE(found.insert(page).second) << "twice";
  });
  pages.close();
  if (!told) GTEST_SKIP() << "no /proc here, and pages are swapped out";
  EXPECT_EQ(found, written);
  munmap(memory, kBytes);
}

TEST(TouchedPages, ScanFindsExactlyWhatWasWritten) {
  findsExactlyWhatWasWritten(TouchedPages::Way::Scan);
}
TEST(TouchedPages, PagemapFindsExactlyWhatWasWritten) {
  findsExactlyWhatWasWritten(TouchedPages::Way::Pagemap);
}
TEST(TouchedPages, MincoreFindsExactlyWhatWasWritten) {
  findsExactlyWhatWasWritten(TouchedPages::Way::Mincore);
}

}  // namespace
}  // namespace hindsight
