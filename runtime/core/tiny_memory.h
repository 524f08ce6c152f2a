// tiny_memory.h - mapped memory below 4 GiB, and the addresses that stand in for it.
//
// The cells of an address are a constant, negative distance away. For an address below 4 GiB the
// sum lies in the kernel's half of the address space, so the runtime knows such memory by the name
// of addresses at which nothing is ever mapped and whose shadow has room
// (AddressLayout::stand_ins):
//
//   stand-in = address + stand_ins      cells = stand-in + distance, as for any other address
//
// Accesses, clocks and history go by the stand-in from the entry of the runtime on; locks, names
// and what reports show go by the address itself. An inline check does not know of this. It faults,
// and is led to the cells of the stand-in (intercept/tiny_faults.h).
//
// Only memory that is known to be mapped has a stand-in: a null pointer, or a small number that
// something synchronises on, remains what it is.
//
// On AArch64 there are no stand-ins: nothing has one.
//
// Thread safety: any thread; async-signal-safe. Allocation: none.
#pragma once

#include "core/address_map.h"

namespace hindsight {

/// Whether there are stand-ins at all.
HINDSIGHT_ALWAYS_INLINE bool hasStandIns() { return address_layout.stand_ins != 0; }

/// A bit for each page below 4 GiB that is mapped.
inline constexpr size_t kTinyPages = kTinyEnd / kPageSize;
extern u64 tiny_pages[kTinyPages / 64];

inline bool isTinyMemory(uptr address) {
  const uptr page = address / kPageSize;
  return address < kTinyEnd &&
         (__atomic_load_n(&tiny_pages[page / 64], __ATOMIC_RELAXED) >> page % 64 & 1) != 0;
}

/// The stand-in of an address, or the address itself if it needs none.
inline uptr shadowAddress(uptr address) {
  return HINDSIGHT_UNLIKELY(isTinyMemory(address)) ? address + address_layout.stand_ins : address;
}
/// The address that goes by that name.
inline uptr realAddress(uptr name) {
  return hasStandIns() && name - address_layout.stand_ins < kTinyEnd
             ? name - address_layout.stand_ins
             : name;
}
/// The name of a range, mapped or not; one that is not all below 4 GiB is its own.
inline uptr shadowOfRange(uptr begin, size_t bytes) {
  return hasStandIns() && begin < kTinyEnd && bytes <= kTinyEnd - begin
             ? begin + address_layout.stand_ins
             : begin;
}

/// The stand-in of an address that has one, or 0.
HINDSIGHT_KEEPS_REGISTERS uptr standInOf(uptr address);
/// Puts it in place of the address.
HINDSIGHT_ALWAYS_INLINE bool findStandIn(uptr& address) {
  const uptr stand_in = standInOf(address);
  if (stand_in != 0) address = stand_in;
  return stand_in != 0;
}
/// hasLineWord, for an address that may need a stand-in.
HINDSIGHT_ALWAYS_INLINE bool hasLineWordBy(uptr& address) {
  return HINDSIGHT_LIKELY(isApplication(address)) || findStandIn(address) || hasLineWord(address);
}

/// Pages that are mapped from now on; what lies above 4 GiB is left out.
void tinyMapped(uptr begin, size_t bytes);
/// Pages that will be no more. Comes before they are unmapped, as others may map them at once.
/// Returns whether any was known.
bool tinyUnmapped(uptr begin, size_t bytes);

/// No check of the pages around `address` may take the short road (entry/quick_access.h), which
/// does not know stand-ins: it finds the line word of the address itself, and that locked. Of no
/// use to anybody else while the page is mapped.
void closeShortRoad(uptr address);

}  // namespace hindsight
