// quick_few.h - the slow access to a few bytes of any size and alignment, as it mostly is.
//
// What quick_access.h is for one or two words: short strings, unaligned words, small structs, the ends of
// loops. The bytes lie in one line or two neighbours; there is room in history; nobody holds the lines;
// the cells hold nothing but the past, and the access takes their place. Whatever else there is,
// entry/access.cpp does, which is the reference: tests/model holds both equal.
#pragma once

#include "threads/thread.h"

namespace hindsight {

/// The most bytes that quickFew takes.
inline constexpr size_t kFewBytes = 64;

/// Records an access to `bytes` bytes at `address` (not 0) by the thread, which is inside the runtime, if
/// the thread has not recorded it in its current epoch. False: nothing has changed, the general road
/// (checkAccess) has to be taken. Uses general registers only.
template <bool kWrites>
HINDSIGHT_KEEPS_REGISTERS bool quickFew(Thread& thread, const uptr* top, uptr address, size_t bytes, uptr pc);

}  // namespace hindsight
