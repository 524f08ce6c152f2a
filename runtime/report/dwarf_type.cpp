#include "report/dwarf_type.h"

namespace hindsight {
namespace {

constexpr u32 kDeepest = 32;  // of a chain of references, and of a path
constexpr u32 kMostDimensions = 8;
constexpr u32 kMostNamed = 4;  // of members that share bytes
constexpr u64 kPointerBytes = 8;
// Tags of which nothing but the size matters.
constexpr u16 kTagPointer = 0x0f, kTagReference = 0x10, kTagRvalueReference = 0x42;

bool isRecord(u16 tag) {
  return tag == kTagStructureType || tag == kTagClassType || tag == kTagUnionType;
}

/// The type of `typed`, without names and qualifiers.
bool typeOf(Dwarf& dwarf, const DieInUnit& typed, DieInUnit& type) {
  if (!followReference(dwarf, typed.unit, typed.die.get(DwarfName::Type), type)) return false;
  for (u32 i = 0; i < kDeepest; ++i) {
    switch (type.die.tag) {
      case kTagTypedef:
      case kTagConstType:
      case kTagVolatileType:
      case kTagRestrictType:
      case kTagAtomicType: break;
      default: return true;
    }
    const DwarfAttribute* const next = type.die.get(DwarfName::Type);
    if (next == nullptr || !followReference(dwarf, type.unit, next, type)) return false;
  }
  return false;
}

struct Array {
  u64 element_bytes;            // 0: not known, or elements do not follow each other
  u64 counts[kMostDimensions];  // 0: not known, for the first dimension only
  u32 dimensions;
};

u64 sizeOfType(Dwarf& dwarf, const DieInUnit& type, u32 depth);

bool readArray(Dwarf& dwarf, const DieInUnit& type, Array& array, u32 depth) {
  array = {};
  if (depth > kDeepest || type.die.has(DwarfName::ByteStride) || type.die.has(DwarfName::BitStride))
    return false;
  DieInUnit element;
  if (!typeOf(dwarf, type, element)) return false;
  array.element_bytes = sizeOfType(dwarf, element, depth + 1);
  bool valid = array.element_bytes != 0;
  dwarf.children(type.unit, type.die, [&](const Die& child) {
    if (child.tag != kTagSubrangeType) return true;
    u64 count = 0, last = 0;
    if (!dwarf.number(child.get(DwarfName::Count), count) &&
        dwarf.number(child.get(DwarfName::UpperBound), last))
      count = last + 1;
    valid = valid && array.dimensions < kMostDimensions && (count != 0 || array.dimensions == 0) &&
            !child.has(DwarfName::ByteStride) && !child.has(DwarfName::BitStride);
    if (valid) array.counts[array.dimensions++] = count;
    return valid;
  });
  return valid && array.dimensions != 0;
}

u64 sizeOfType(Dwarf& dwarf, const DieInUnit& type, u32 depth) {
  u64 bytes = 0;
  if (type.die.has(DwarfName::Declaration)) return 0;
  if (dwarf.number(type.die.get(DwarfName::ByteSize), bytes)) return bytes;
  switch (type.die.tag) {
    case kTagPointer:
    case kTagReference:
    case kTagRvalueReference: return kPointerBytes;
    case kTagArrayType: break;
    default: return 0;
  }
  Array array;
  if (!readArray(dwarf, type, array, depth)) return 0;
  bytes = array.element_bytes;
  for (u32 i = 0; i < array.dimensions; ++i)
    if (__builtin_mul_overflow(bytes, array.counts[i], &bytes)) return 0;
  return bytes;
}

/// Whether the type is a class without data: it occupies nothing as a base or where it says so.
bool isEmpty(Dwarf& dwarf, const DieInUnit& typed, u32 depth) {
  DieInUnit type;
  if (depth > kDeepest || !typeOf(dwarf, typed, type) || !isRecord(type.die.tag) ||
      type.die.has(DwarfName::Declaration))
    return false;
  bool empty = true;
  dwarf.children(type.unit, type.die, [&](const Die& child) {
    if (child.tag == kTagMember && !child.has(DwarfName::Declaration)) empty = false;
    if (child.tag == kTagInheritance) empty = isEmpty(dwarf, {type.unit, child}, depth + 1);
    return empty;
  });
  return empty;
}

/// Bits [begin, end) of the enclosing object.
struct Bits {
  u64 begin, end;
  bool meets(Bits other) const { return begin < other.end && other.begin < end; }
};

/// Where a member or base class lies. False if that is not fixed or not known.
bool placeOf(Dwarf& dwarf, const DieInUnit& member, Bits& bits, bool& is_bit_field) {
  const Die& die = member.die;
  u64 first_byte = 0, bit_count = 0, first_bit = 0, storage = 0;
  const DwarfAttribute* const location = die.get(DwarfName::DataMemberLocation);
  if (location != nullptr && !dwarf.number(location, first_byte)) {
    ByteReader reader(location->block);
    if (reader.byte() != kOpPlusUconst) return false;
    first_byte = reader.unsignedLeb();
    if (!reader.ok() || !reader.atEnd()) return false;
  }
  if (first_byte >= 1ull << 56) return false;
  is_bit_field = dwarf.number(die.get(DwarfName::BitSize), bit_count);
  if (!is_bit_field) {
    const u64 bytes = sizeOfTyped(dwarf, member);
    bits = {first_byte * 8, (first_byte + bytes) * 8};
    return bytes != 0 && bytes < 1ull << 56;
  }
  if (dwarf.number(die.get(DwarfName::DataBitOffset), first_bit)) {
    first_bit += first_byte * 8;
  } else if (dwarf.number(die.get(DwarfName::BitOffset), first_bit)) {
    // Counted from the most significant bit of the storage unit [DWARF 3, 5.5.6].
    if (!dwarf.number(die.get(DwarfName::ByteSize), storage)) storage = sizeOfTyped(dwarf, member);
    first_bit = (first_byte + storage) * 8 - first_bit - bit_count;
  } else {
    first_bit = first_byte * 8;
  }
  bits = {first_bit, first_bit + bit_count};
  return bit_count != 0 && bit_count <= 1u << 16;
}

class PathWriter {
 public:
  PathWriter(Dwarf& dwarf, TextWriter& out) : dwarf_(dwarf), out_(out) {}

  void write(const DieInUnit& typed, u64 begin, u64 end) {
    begin_ = begin;
    end_ = end;
    DieInUnit type;
    if (!typeOf(dwarf_, typed, type)) return;
    for (u32 depth = 0; depth < kDeepest; ++depth) {
      const bool goes_on = type.die.tag == kTagArrayType ? enterElement(type)
                           : isRecord(type.die.tag)      ? enterMember(type)
                                                         : false;
      if (!goes_on) return;
    }
  }

 private:
  /// Writes `[index]`, and makes `type` the element's. False if the path ends here.
  bool enterElement(DieInUnit& type) {
    Array array;
    if (!readArray(dwarf_, type, array, 0)) return false;
    const u64 first = begin_ / array.element_bytes, last = (end_ - 1) / array.element_bytes;
    u64 rest_first = first, rest_last = last;
    u64 index_first[kMostDimensions], index_last[kMostDimensions];
    for (u32 i = array.dimensions; i-- > 0;) {
      // Of the first dimension the size may be unknown.
      const u64 count = array.counts[i];
      index_first[i] = i == 0 ? rest_first : rest_first % count;
      index_last[i] = i == 0 ? rest_last : rest_last % count;
      if (count != 0 && index_last[i] >= count) return false;
      if (i != 0) rest_first /= count, rest_last /= count;
    }
    u32 common = 0;
    while (common < array.dimensions && index_first[common] == index_last[common]) ++common;
    if (common < array.dimensions - 1) {
      // Several rows: those are named, and nothing in them.
      if (common > 0) writeIndices(index_first, common);
      if (!isWhole(array, index_first, index_last, common))
        writeRange(index_first[common], index_last[common]);
      return false;
    }
    writeIndices(index_first, common);
    if (common < array.dimensions) {
      if (!isWhole(array, index_first, index_last, common))
        writeRange(index_first[common], index_last[common]);
      return false;
    }
    begin_ -= first * array.element_bytes;
    end_ -= first * array.element_bytes;
    DieInUnit element;
    if (!typeOf(dwarf_, type, element)) return false;
    type = element;
    return true;
  }
  void writeIndices(const u64* indices, u32 count) {
    for (u32 i = 0; i < count; ++i) out_.character('[').decimal(indices[i]).character(']');
  }
  void writeRange(u64 first, u64 last) {
    out_.character('[').decimal(first).text("..").decimal(last).character(']');
  }
  static bool isWhole(const Array& array, const u64* first, const u64* last, u32 dimension) {
    return first[dimension] == 0 && last[dimension] + 1 == array.counts[dimension];
  }

  /// Writes `.member`, and makes `type` the member's. False if the path ends here.
  bool enterMember(DieInUnit& type) {
    const Bits wanted{begin_ * 8, end_ * 8};
    Met met{};
    met.known = !type.die.has(DwarfName::Declaration);
    DieInUnit only;
    dwarf_.children(type.unit, type.die, [&](const Die& child) {
      if (child.tag != kTagMember && child.tag != kTagInheritance) return true;
      if (child.has(DwarfName::Declaration)) return true;  // a static one
      Bits bits;
      bool is_bit_field = false;
      const DieInUnit member{type.unit, child};
      const bool is_placed = placeOf(dwarf_, member, bits, is_bit_field);
      if (isFlexible(member, is_placed) || (is_placed && !bits.meets(wanted))) return true;
      if (isEmpty(dwarf_, member, 0)) return true;
      met.add(child, dwarf_.text(type.unit, child.get(DwarfName::Name)), is_placed, is_bit_field,
              bits);
      only = member;
      return met.known;
    });
    if (!met.known || met.count == 0) return false;
    if (met.count > 1) {
      if (type.die.tag == kTagUnionType || met.all_bit_fields) writeAlternatives(met);
      return false;
    }
    if (met.names[0][0] != 0) out_.character('.').text(met.names[0]);
    if (met.all_bit_fields) return false;
    const u64 member_begin = met.bits.begin / 8, member_end = met.bits.end / 8;
    begin_ = max(begin_, member_begin) - member_begin;
    end_ = min(end_, member_end) - member_begin;
    return typeOf(dwarf_, only, type);
  }

  /// Members that have bytes in common with those asked for.
  struct Met {
    bool known, all_bit_fields;
    u32 count;
    Bits bits;
    const char* names[kMostNamed];

    void add(const Die& member, const char* name, bool is_placed, bool is_bit_field, Bits place) {
      if (!is_placed || member.has(DwarfName::Artificial)) {
        known = false;
        return;
      }
      all_bit_fields = is_bit_field && (count == 0 || all_bit_fields);
      bits = place;
      if (count < kMostNamed) names[count] = name;
      ++count;
    }
  };

  /// An array without a size ends a struct, and is not part of it.
  bool isFlexible(const DieInUnit& member, bool is_placed) {
    DieInUnit type;
    return !is_placed && typeOf(dwarf_, member, type) && type.die.tag == kTagArrayType;
  }

  void writeAlternatives(const Met& met) {
    const u32 named = min(met.count, kMostNamed);
    for (u32 i = 0; i < named; ++i)
      if (met.names[i][0] == 0) return;
    out_.text(".{");
    for (u32 i = 0; i < named; ++i) out_.text(i == 0 ? "" : ", ").text(met.names[i]);
    out_.text(met.count > named ? ", ...}" : "}");
  }

  Dwarf& dwarf_;
  TextWriter& out_;
  u64 begin_ = 0, end_ = 0;  // in the type that has been reached
};

}  // namespace

bool followReference(Dwarf& dwarf, const DwarfUnit& unit, const DwarfAttribute* attribute,
                     DieInUnit& out) {
  const u64 offset = dwarf.reference(unit, attribute);
  if (offset == 0) return false;
  const DwarfUnit here = unit;  // `out` may be what `unit` and `attribute` are part of
  out.unit = here;
  if ((offset < here.root || offset >= here.end) && !dwarf.findUnit(offset, out.unit)) return false;
  return dwarf.read(out.unit, offset, out.die);
}

bool findAttribute(Dwarf& dwarf, DieInUnit& at, DwarfName name) {
  for (u32 i = 0; i < kDeepest; ++i) {
    if (at.die.has(name)) return true;
    const DwarfAttribute* next = at.die.get(DwarfName::AbstractOrigin);
    if (next == nullptr) next = at.die.get(DwarfName::Specification);
    if (!followReference(dwarf, at.unit, next, at)) return false;
  }
  return false;
}

u64 sizeOfTyped(Dwarf& dwarf, const DieInUnit& typed) {
  DieInUnit type;
  return typeOf(dwarf, typed, type) ? sizeOfType(dwarf, type, 0) : 0;
}

void writeFieldPath(Dwarf& dwarf, const DieInUnit& typed, u64 begin, u64 end, TextWriter& out) {
  if (begin < end) PathWriter(dwarf, out).write(typed, begin, end);
}

}  // namespace hindsight
