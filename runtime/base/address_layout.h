// address_layout.h - which parts of the address space are the program's, the shadow's and the
// runtime's.
//
// On x86-64 there is one layout, known at compile time. AArch64 kernels give user space 39 or 48
// bits, and an emulator what it has left over: the layout is chosen at start, before anything else,
// and instrumented code takes the offsets from the thread's block (hindsight/abi.h). What the
// fields are for is drawn in core/address_map.h.
//
// Thread safety: constant after chooseAddressLayout. Allocation: none.
#pragma once

#include "base/types.h"
#include "hindsight/abi.h"

namespace hindsight {

struct AddressLayout {
  uptr low_begin, low_end;    // of the application: executable and brk heap
  uptr high_begin, high_end;  // mappings, libraries, stacks; above `low`
  uptr stand_ins;             // in `high`, for memory below 4 GiB (core/tiny_memory.h); 0: none
  sptr read_offsets[HINDSIGHT_READ_GROUPS];
  sptr write_offset;
  uptr line_word_base, line_flag_base;
  uptr block_base, block_flag_base;
  uptr runtime_begin, runtime_end;  // all of the runtime's own memory
  uptr arena_bytes;                 // of it: small blocks
  uptr record_bytes;  // of it: records of lines (core/line.h), and as much for sync objects
};

#if defined(__x86_64__)
inline constexpr AddressLayout address_layout = {
    .low_begin = 0x550000000000,
    .low_end = 0x59ff00000000,
    .high_begin = 0x79ff00000000,
    .high_end = 0x800000000000,
    .stand_ins = 0x79ff00000000,
    .read_offsets = HINDSIGHT_READ_OFFSETS,
    .write_offset = HINDSIGHT_WRITE_OFFSET,
    .line_word_base = 0x601000000000,
    .line_flag_base = 0x0c0000000000,
    .block_base = -0x1c0000000000ull + 0xdf380ull,
    .block_flag_base = 0x0d0000000000,
    .runtime_begin = 0x200000000000,
    .runtime_end = 0x20ff00000000,
    .arena_bytes = 1ull << 38,
    .record_bytes = 1ull << 33,
};
#else
extern AddressLayout address_layout;
#endif

/// Looks where the program is. Comes before any other use of the layout.
void chooseAddressLayout();

}  // namespace hindsight
