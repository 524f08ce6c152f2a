// What holds at some program counters only: ranges of code, and places of variables.
#include "report/dwarf.h"

namespace hindsight {
namespace {

/// Code that the linker has dropped: addresses are 0, 1 or the last ones.
bool isDropped(u64 low_pc) { return low_pc <= 1 || low_pc >= ~1ull; }

}  // namespace

bool Dwarf::covers(const DwarfUnit& unit, const Die& die, u64 pc, bool& known) const {
  u64 low = 0, high = 0;
  known = true;
  if (address(unit, die.get(DwarfName::LowPc), low) && die.has(DwarfName::HighPc)) {
    // A length, unless it has the form of an address.
    if (number(die.get(DwarfName::HighPc), high))
      high += low;
    else if (!address(unit, die.get(DwarfName::HighPc), high))
      return false;
    return !isDropped(low) && pc >= low && pc < high;
  }
  const DwarfAttribute* const ranges = die.get(DwarfName::Ranges);
  known = ranges != nullptr;
  if (!known) return false;
  bool found = false;
  const auto look = [&](u64 begin, u64 end, Bytes) {
    found = !isDropped(begin) && pc >= begin && pc < end;
    return !found;
  };
  if (unit.version >= 5)
    entriesOfList(unit, rnglists_, listOffset(unit, *ranges, rnglists_, unit.rnglists_base), false,
                  look);
  else
    entriesOfOldList(unit, ranges_, ranges->value, false, look);
  return found;
}

Bytes Dwarf::expression(const DwarfUnit& unit, const DwarfAttribute* attribute, u64 pc,
                        bool has_pc) const {
  if (attribute == nullptr) return {};
  switch (attribute->form) {
    case kFormExprloc:
    case kFormBlock:
    case kFormBlock1:
    case kFormBlock2:
    case kFormBlock4: return attribute->block;
    case kFormSecOffset:
    case kFormLoclistx:
    case kFormData4: break;
    default: return {};
  }
  Bytes found;
  if (!has_pc) return found;
  const auto look = [&](u64 begin, u64 end, Bytes expression) {
    if (pc < begin || pc >= end || isDropped(begin)) return true;
    found = expression;
    return false;
  };
  if (unit.version >= 5)
    entriesOfList(unit, loclists_, listOffset(unit, *attribute, loclists_, unit.loclists_base),
                  true, look);
  else
    entriesOfOldList(unit, locations_, attribute->value, true, look);
  return found;
}

// --- Lists of ranges and locations ------------------------------------------------------------

u64 Dwarf::listOffset(const DwarfUnit& unit, const DwarfAttribute& attribute, Bytes section,
                      u64 base) const {
  if (attribute.form != kFormLoclistx && attribute.form != kFormRnglistx) return attribute.value;
  if (attribute.value > section.size) return ~0ull;
  ByteReader reader(section, base);
  reader.skip(attribute.value * unit.offset_bytes);
  const u64 offset = reader.number(unit.offset_bytes);
  return reader.ok() ? base + offset : ~0ull;
}

template <class Visit>
void Dwarf::entriesOfList(const DwarfUnit& unit, Bytes section, u64 offset, bool of_locations,
                          Visit visit) const {
  u64 base = unit.low_pc;
  bool is_dropped = false;
  for (ByteReader reader(section, offset); reader.ok() && ++steps_ < kLargestWalk;) {
    u8 kind = reader.byte();
    if (kind == kRangeEnd) return;
    u64 begin = 0, end = 0;
    bool valid = true;
    if (of_locations &&
        kind == kRangeBaseAddress) {  // "wherever no other entry holds": no compiler's
      reader.block(reader.unsignedLeb());
      continue;
    }
    if (of_locations && kind > kRangeBaseAddress) --kind;
    switch (kind) {
      case kRangeBaseAddressx:
        if (!indexedAddress(unit, reader.unsignedLeb(), base)) return;
        is_dropped = isDropped(base);
        continue;
      case kRangeBaseAddress:
        base = reader.number(unit.address_bytes);
        is_dropped = isDropped(base);
        continue;
      case kRangeStartxEndx:
        valid = indexedAddress(unit, reader.unsignedLeb(), begin);
        valid = indexedAddress(unit, reader.unsignedLeb(), end) && valid;
        break;
      case kRangeStartxLength:
        valid = indexedAddress(unit, reader.unsignedLeb(), begin);
        end = begin + reader.unsignedLeb();
        break;
      case kRangeOffsetPair:
        begin = base + reader.unsignedLeb();
        end = base + reader.unsignedLeb();
        valid = !is_dropped;
        break;
      case kRangeStartEnd:
        begin = reader.number(unit.address_bytes);
        end = reader.number(unit.address_bytes);
        break;
      case kRangeStartLength:
        begin = reader.number(unit.address_bytes);
        end = begin + reader.unsignedLeb();
        break;
      default: return;
    }
    const Bytes expression = of_locations ? reader.block(reader.unsignedLeb()) : Bytes{};
    if (reader.ok() && valid && !visit(begin, end, expression)) return;
  }
}

template <class Visit>
void Dwarf::entriesOfOldList(const DwarfUnit& unit, Bytes section, u64 offset, bool of_locations,
                             Visit visit) const {
  u64 base = unit.low_pc;
  for (ByteReader reader(section, offset); reader.ok() && ++steps_ < kLargestWalk;) {
    const u64 begin = reader.quad(), end = reader.quad();
    if (begin == 0 && end == 0) return;
    if (begin == ~0ull) {
      base = end;
      continue;
    }
    const Bytes expression = of_locations ? reader.block(reader.half()) : Bytes{};
    if (reader.ok() && !isDropped(base + begin) && !visit(base + begin, base + end, expression))
      return;
  }
}

}  // namespace hindsight
