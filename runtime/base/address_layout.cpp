#include "base/address_layout.h"

namespace hindsight {
namespace {

struct Part {
  uptr begin, end;
};

/// Everything that core/shadow_map.cpp reserves, and what it is for.
struct Parts {
  Part list[64];
  u32 count = 0;
  constexpr void add(uptr begin, uptr end) {
    list[count++] = {roundDown(begin, kPageSize), roundUp(end, kPageSize)};
  }
  constexpr void addLines(const AddressLayout& in, uptr begin, uptr end) {
    add((begin >> 6) * 4 + in.line_word_base, ((end - 1) >> 6) * 4 + in.line_word_base + kPageSize);
    add((begin >> 16) + in.line_flag_base, ((end - 1) >> 16) + in.line_flag_base + kPageSize);
  }
  constexpr void addApplication(const AddressLayout& in, uptr begin, uptr end) {
    add(begin, end);
    for (const sptr offset : in.read_offsets)
      add(begin + static_cast<uptr>(offset), end + static_cast<uptr>(offset) + kPageSize);
    add(begin + static_cast<uptr>(in.write_offset),
        end + static_cast<uptr>(in.write_offset) + kPageSize);
    add((begin >> 1) + in.block_base, (end >> 1) + in.block_base + kPageSize);
    add((begin >> 16) + in.block_flag_base, ((end - 1) >> 16) + in.block_flag_base + kPageSize);
    addLines(in, begin, end);
  }
};

/// Whether no two parts of the layout overlap, and all lie below `limit`.
constexpr bool isApart(const AddressLayout& in, uptr limit) {
  constexpr uptr kTiny = 0x100000000;
  Parts parts;
  parts.addApplication(in, in.low_begin, in.low_end);
  parts.addApplication(in, in.high_begin, in.high_end);
  parts.add(in.runtime_begin, in.runtime_end);
  parts.addLines(in, in.runtime_begin, in.runtime_end);
  parts.add(0, kTiny);
  parts.addLines(in, 0, kTiny);
  for (u32 i = 0; i < parts.count; ++i) {
    const Part& one = parts.list[i];
    if (one.begin >= one.end || one.end > limit) return false;
    for (u32 k = 0; k < i; ++k)
      if (one.begin < parts.list[k].end && parts.list[k].begin < one.end) return false;
  }
  return true;
}

}  // namespace

#if defined(__x86_64__)

static_assert(isApart(address_layout, 1ull << 47));

void chooseAddressLayout() {}

#else

namespace {

// 48 bits of user space, executables at 2/3 of it (0xaaaa'aaaa'a000 and a little randomisation).
constexpr AddressLayout kLarge = {
    .low_begin = 0xaa0000000000,
    .low_end = 0xafff00000000,
    .high_begin = 0xfa0000000000,
    .high_end = 0x1000000000000,
    .stand_ins = 0,
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
    .stand_ins = 0,
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

/// As kSmall, but everything lies where executables do: the emulator qemu-aarch64, which pays for
/// every page of a mapping, touched or not. The high part is there for form's sake.
constexpr AddressLayout emulated() {
  AddressLayout layout = kSmall;
  layout.high_begin = 0x5f00000000;
  layout.high_end = layout.high_begin + (1 << 16);
  return layout;
}
constexpr AddressLayout kEmulated = emulated();

static_assert(isApart(kLarge, 1ull << 48) && isApart(kSmall, 1ull << 39) &&
              isApart(kEmulated, 1ull << 39));

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
