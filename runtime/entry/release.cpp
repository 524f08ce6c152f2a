#include "entry/release.h"

#include "base/spin_lock.h"
#include "core/address_map.h"
#include "platform/touched_pages.h"

namespace hindsight {
namespace {

constinit SpinLock touched_lock;
TouchedPages touched;  // too large for the stack of whoever unmaps

/// The bytes of [begin, end) that have cells, and so may hold a recorded access: a large
/// reservation that was hardly used must not be made dense in the shadow.
template <class Visit>
bool forEachAccessed(uptr begin, uptr end, Visit visit) {
  SpinLockGuard guard(touched_lock);
  touched.open();
  bool known = true;
  const auto visitImage = [&](sptr image) {
    const auto offset = static_cast<uptr>(image);
    known =
        known && touched.forEachRun(roundDown(begin + offset, kPageSize),
                                    roundUp(end + offset, kPageSize), [&](uptr first, uptr last) {
                                      visit(max(begin, first - offset), min(end, last - offset));
                                    });
  };
  for (const sptr image : address_layout.read_offsets) visitImage(image);
  visitImage(address_layout.write_offset);  // what was only written left nothing in the read images
  touched.close();
  return known;
}

}  // namespace

void checkRelease(Thread& thread, uptr address, size_t bytes, const AccessSite& site,
                  bool owns_pairs) {
  const auto check = [&](uptr from, uptr to) {
    if (from < to) checkFree(thread, from, to - from, site, owns_pairs);
  };
  if (bytes < kLargeRelease || !forEachAccessed(address, address + bytes, check))
    check(address, address + bytes);
}

}  // namespace hindsight
