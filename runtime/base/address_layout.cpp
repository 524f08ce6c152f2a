#include "base/address_layout.h"

namespace hindsight {

#if defined(__x86_64__)

void chooseAddressLayout() {}

#else

namespace {

// 48 bits of user space, executables at 2/3 of it (0xaaaa'aaaa'a000 and a little randomisation).
constexpr AddressLayout kLarge = {
    .low_begin = 0xaa0000000000,
    .low_end = 0xafff00000000,
    .high_begin = 0xfa0000000000,
    .high_end = 0x1000000000000,
    .read_offsets = {-0x100000000000ll + 0x12480ll, -0x300000000000ll + 0x57a80ll,
                     -0x400000000000ll + 0x79c80ll, -0x480000000000ll + 0x9b180ll},
    .write_offset = -0x200000000000ll + 0x34d80ll,
    .line_word_base = 0x0e1000000000,
    .line_flag_base = 0x0c0000000000,
    .block_base = -0x300000000000ull + 0xdf380ull,
    .block_flag_base = 0x0d0000000000,
    .runtime_begin = 0x200000000000,
    .runtime_end = 0x210000000000,
    .arena_bytes = 1ull << 38,
    .record_bytes = 1ull << 33,
};

// 39 bits of user space.
constexpr AddressLayout kSmall = {
    .low_begin = 0x5500000000,
    .low_end = 0x56ff000000,
    .high_begin = 0x7d00000000,
    .high_end = 0x8000000000,
    .read_offsets = {-0x400000000ll + 0x12480ll, -0xc00000000ll + 0x57a80ll,
                     -0x1000000000ll + 0x79c80ll, -0x1400000000ll + 0x9b180ll},
    .write_offset = -0x800000000ll + 0x34d80ll,
    .line_word_base = 0x3000000000,
    .line_flag_base = 0x3a00000000,
    .block_base = -0x1800000000ull + 0xdf380ull,
    .block_flag_base = 0x3b00000000,
    .runtime_begin = 0x2a00000000,
    .runtime_end = 0x2e00000000,
    .arena_bytes = 1ull << 31,
    .record_bytes = 1ull << 30,
};

/// As kSmall, but everything lies where executables do: the emulator qemu-aarch64, which pays for every
/// page of a mapping, touched or not. The high part is there for form's sake.
constexpr AddressLayout emulated() {
  AddressLayout layout = kSmall;
  layout.high_begin = 0x5f00000000;
  layout.high_end = layout.high_begin + (1 << 16);
  return layout;
}
constexpr AddressLayout kEmulated = emulated();

constexpr bool isIn(uptr address, uptr begin, uptr end) { return address - begin < end - begin; }

}  // namespace

constinit AddressLayout address_layout = kLarge;

void chooseAddressLayout() {
  const int on_stack = 0;
  const auto stack = reinterpret_cast<uptr>(&on_stack);
  const auto code = reinterpret_cast<uptr>(&chooseAddressLayout);
  if (isIn(stack, kEmulated.low_begin, kEmulated.low_end) &&
      isIn(code, kEmulated.low_begin, kEmulated.low_end))
    address_layout = kEmulated;
  else if (stack < kSmall.high_end)
    address_layout = kSmall;
}

#endif

}  // namespace hindsight
