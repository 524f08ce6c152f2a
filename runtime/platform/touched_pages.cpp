#include "platform/touched_pages.h"

#include <fcntl.h>
#include <linux/ioctl.h>
#include <linux/sysinfo.h>

#include "platform/syscalls.h"

namespace hindsight {
namespace {

bool somethingIsSwappedOut() {
  struct sysinfo info {};
  return syscallFailed(sysCall(SYS_sysinfo, reinterpret_cast<uptr>(&info))) ||
         info.totalswap != info.freeswap;
}

}  // namespace

void TouchedPages::open(Way first) {
  fd_ = first == Way::Mincore ? -1 : sysOpen("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  can_scan_ = first == Way::Scan && !syscallFailed(fd_);
}

void TouchedPages::close() {
  if (!syscallFailed(fd_)) sysClose(static_cast<int>(fd_));
}

/// Finds the next regions from `begin` on. The first failure is the last attempt.
bool TouchedPages::scan(uptr begin, uptr end) {
  // Documentation/admin-guide/mm/pagemap.rst; headers of older kernels do not have it.
  struct ScanArgument {
    u64 size, flags, start, end, walk_end, regions, region_count, max_pages;
    u64 inverted, all_of, any_of, returned;
  };
  constexpr u64 kPresent = 1 << 3, kSwapped = 1 << 4, kZeroPage = 1 << 5;
  constexpr uptr kPagemapScan = _IOWR('f', 16, ScanArgument);
  ScanArgument argument{};
  argument.size = sizeof(argument);
  argument.start = begin;
  argument.end = end;
  argument.regions = reinterpret_cast<u64>(regions_);
  argument.region_count = kRegions;
  argument.inverted = argument.all_of = kZeroPage;  // that is: not the zero page
  argument.any_of = argument.returned = kPresent | kSwapped;
  const sptr found = sysIoctl(static_cast<int>(fd_), kPagemapScan, &argument);
  can_scan_ = found >= 0 && argument.walk_end > begin;
  region_count_ = static_cast<u32>(found);
  scanned_to_ = argument.walk_end;
  return can_scan_;
}

bool TouchedPages::loadPagemap(uptr begin, u32 pages) {
  // Documentation/admin-guide/mm/pagemap.rst: bit 63 present, bit 62 swapped.
  constexpr u64 kHoldsSomething = 3ull << 62;
  for (u32 done = 0; done < pages;) {
    const u32 wanted = min(pages - done, kEntries);
    const sptr got = sysPread(static_cast<int>(fd_), entries_, wanted * sizeof(u64),
                              static_cast<sptr>((begin / kPageSize + done) * sizeof(u64)));
    if (got != static_cast<sptr>(wanted * sizeof(u64))) return false;
    for (u32 i = 0; i < wanted; ++i) touched_[done + i] = (entries_[i] & kHoldsSomething) != 0;
    done += wanted;
  }
  return true;
}

bool TouchedPages::load(uptr begin, u32 pages) {
  if (!syscallFailed(fd_) && loadPagemap(begin, pages)) return true;
  static_assert(sizeof(bool) == 1);
  auto* present = reinterpret_cast<unsigned char*>(touched_);
  if (syscallFailed(sysMincore(reinterpret_cast<void*>(begin), pages * kPageSize, present)))
    return false;
  for (u32 i = 0; i < pages; ++i) touched_[i] = (present[i] & 1) != 0;
  return !somethingIsSwappedOut();
}

}  // namespace hindsight
