// touched_pages.h - which pages of a large, sparse reservation hold anything.
//
// Three ways, the first that works here: ioctl PAGEMAP_SCAN (Linux 6.7), which skips what was never
// touched; reading /proc/self/pagemap, about 8 ns per page, touched or not; and mincore, which
// needs no /proc but takes pages that are swapped out for untouched, so nothing must be swapped
// out.
//
// Thread safety: one object per thread. Allocation: none; an object is 14 KiB, too much for a small
// stack.
#pragma once

#include "base/types.h"

namespace hindsight {

class TouchedPages {
 public:
  enum class Way : u8 { Scan, Pagemap, Mincore };
  /// Tries `first` and those after it.
  void open(Way first = Way::Scan);
  void close();

  /// Calls `visit` for each run of touched pages in [begin, end), which is whole pages of private
  /// anonymous memory. Pages that were only ever read may be left out or not. Returns false if that
  /// cannot be told here: there is no /proc, and pages are swapped out.
  template <class Visit>
  bool forEachRun(uptr begin, uptr end, Visit visit) {
    for (uptr at = begin; at < end;) {
      if (can_scan_ && scan(at, end)) {
        for (u32 i = 0; i < region_count_; ++i) visit(regions_[i].begin, regions_[i].end);
        at = scanned_to_;
        continue;
      }
      const u32 count = static_cast<u32>(min<uptr>((end - at) / kPageSize, kBatch));
      if (!load(at, count)) return false;
      for (u32 i = 0; i < count;) {
        if (!touched_[i]) {
          ++i;
          continue;
        }
        u32 next = i + 1;
        while (next < count && touched_[next]) ++next;
        visit(at + i * kPageSize, at + next * kPageSize);
        i = next;
      }
      at += count * kPageSize;
    }
    return true;
  }

 private:
  static constexpr u32 kBatch = 4096;
  static constexpr u32 kRegions = 256;
  struct Region {  // the kernel's struct page_region
    u64 begin, end, categories;
  };
  bool scan(uptr begin, uptr end);
  bool load(uptr begin, u32 pages);
  bool loadPagemap(uptr begin, u32 pages);
  static constexpr u32 kEntries = 512;
  sptr fd_;
  bool can_scan_;
  u32 region_count_;
  uptr scanned_to_;
  Region regions_[kRegions];
  bool touched_[kBatch];
  u64 entries_[kEntries];  // of the pagemap
};

}  // namespace hindsight
