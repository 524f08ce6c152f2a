#include "report/dwarf.h"

#include "base/arena.h"

namespace hindsight {
namespace {

constexpr u64 kMostAbbreviations = 1 << 16;

/// What an attribute's number in the standard [DWARF 5, 7.5.4] is here.
DwarfName nameOf(u64 attribute) {
  switch (attribute) {
    case 0x01: return DwarfName::Sibling;
    case 0x02: return DwarfName::Location;
    case 0x03: return DwarfName::Name;
    case 0x0b: return DwarfName::ByteSize;
    case 0x0c: return DwarfName::BitOffset;
    case 0x0d: return DwarfName::BitSize;
    case 0x10: return DwarfName::StmtList;
    case 0x11: return DwarfName::LowPc;
    case 0x12: return DwarfName::HighPc;
    case 0x1b: return DwarfName::CompDir;
    case 0x2e: return DwarfName::BitStride;
    case 0x2f: return DwarfName::UpperBound;
    case 0x31: return DwarfName::AbstractOrigin;
    case 0x34: return DwarfName::Artificial;
    case 0x37: return DwarfName::Count;
    case 0x38: return DwarfName::DataMemberLocation;
    case 0x3a: return DwarfName::DeclFile;
    case 0x3b: return DwarfName::DeclLine;
    case 0x3c: return DwarfName::Declaration;
    case 0x40: return DwarfName::FrameBase;
    case 0x47: return DwarfName::Specification;
    case 0x49: return DwarfName::Type;
    case 0x51: return DwarfName::ByteStride;
    case 0x55: return DwarfName::Ranges;
    case 0x6b: return DwarfName::DataBitOffset;
    case 0x6e: return DwarfName::LinkageName;
    case 0x72: return DwarfName::StrOffsetsBase;
    case 0x73: return DwarfName::AddrBase;
    case 0x74: return DwarfName::RnglistsBase;
    case 0x8c: return DwarfName::LoclistsBase;
    case 0x2007: return DwarfName::LinkageName;  // MIPS_linkage_name
    default: return DwarfName::None;
  }
}

const char* textAt(Bytes section, u64 offset) { return ByteReader(section, offset).text(); }

}  // namespace

Dwarf::Dwarf(const ElfFile& file)
    : info(file.section(".debug_info")),
      abbrev(file.section(".debug_abbrev")),
      strings(file.section(".debug_str")),
      line_strings(file.section(".debug_line_str")),
      string_offsets(file.section(".debug_str_offsets")),
      addresses(file.section(".debug_addr")),
      lines(file.section(".debug_line")),
      ranges_(file.section(".debug_ranges")),
      rnglists_(file.section(".debug_rnglists")),
      locations_(file.section(".debug_loc")),
      loclists_(file.section(".debug_loclists")) {}

// --- Units ------------------------------------------------------------------------------------

bool Dwarf::readHeader(u64 offset, DwarfUnit& unit) const {
  unit = {};
  ByteReader reader(info, offset);
  if (reader.atEnd()) return false;
  unit.offset = offset;
  unit.offset_bytes = 4;
  u64 length = reader.word();
  if (length == 0xffffffff) {
    unit.offset_bytes = 8;
    length = reader.quad();
  }
  if (!reader.ok() || length > info.size - reader.offset()) return false;
  unit.end = reader.offset() + length;
  const u16 version = reader.half();
  u8 type = kUnitCompile;
  if (version == 5) {
    type = reader.byte();
    unit.address_bytes = reader.byte();
    unit.abbreviations = reader.number(unit.offset_bytes);
  } else {
    unit.abbreviations = reader.number(unit.offset_bytes);
    unit.address_bytes = reader.byte();
  }
  unit.root = reader.offset();
  if (!reader.ok() || unit.root > unit.end) return false;
  const bool is_understood = version >= 3 && version <= 5 && unit.address_bytes == 8 &&
                             (type == kUnitCompile || type == kUnitPartial);
  unit.version = is_understood ? version : 0;
  return true;
}

bool Dwarf::readUnit(u64 offset, DwarfUnit& unit, Die& root) {
  root.present = 0;
  if (!readHeader(offset, unit)) return false;
  if (unit.version == 0) return true;
  ByteReader reader(Bytes{info.data, unit.end}, unit.root);
  const u64 code = reader.unsignedLeb();
  Abbreviation abbreviation;
  root.offset = unit.root;
  if (code == 0 || !findAbbreviation(unit.abbreviations, code, abbreviation) ||
      !readByAbbreviation(unit, reader, abbreviation, root)) {
    unit.version = 0;
    return true;
  }
  const auto baseOf = [&](DwarfName name, u64 otherwise) {
    u64 base = otherwise;
    number(root.get(name), base);
    return base;
  };
  // Behind the section's header where the unit does not say.
  const u64 header = unit.offset_bytes == 8 ? 16 : 8;
  unit.str_offsets_base = baseOf(DwarfName::StrOffsetsBase, header);
  unit.addr_base = baseOf(DwarfName::AddrBase, header);
  unit.rnglists_base = baseOf(DwarfName::RnglistsBase, header + 4);
  unit.loclists_base = baseOf(DwarfName::LoclistsBase, header + 4);
  address(unit, root.get(DwarfName::LowPc), unit.low_pc);
  return true;
}

bool Dwarf::findUnit(u64 offset, DwarfUnit& unit) {
  for (u64 at = 0; readHeader(at, unit); at = unit.end)
    if (offset < unit.end) {
      Die root;
      return readUnit(at, unit, root) && unit.version != 0 && offset >= unit.root;
    }
  return false;
}

// --- Abbreviations ----------------------------------------------------------------------------

namespace {

/// Reads one declaration up to its specifications. False at the end of the table.
bool readDeclaration(ByteReader& reader, u64& code, u16& tag, bool& has_children,
                     u64& specifications) {
  code = reader.unsignedLeb();
  if (code == 0) return false;
  tag = static_cast<u16>(reader.unsignedLeb());
  has_children = reader.byte() != 0;
  specifications = reader.offset();
  return reader.ok();
}

void skipSpecifications(ByteReader& reader) {
  for (u64 name = 1, form = 1; (name != 0 || form != 0) && reader.ok();) {
    name = reader.unsignedLeb();
    form = reader.unsignedLeb();
    if (form == kFormImplicitConst) reader.signedLeb();
  }
}

}  // namespace

bool Dwarf::findAbbreviation(u64 table, u64 code, Abbreviation& out) const {
  ByteReader reader(abbrev, table);
  u64 found;
  while (++steps_ < kLargestWalk) {
    if (!readDeclaration(reader, found, out.tag, out.has_children, out.specifications))
      return false;
    if (found == code) return true;
    skipSpecifications(reader);
  }
  return false;
}

bool Dwarf::loadAbbreviations(u64 offset) {
  if (table_ != nullptr && table_of_ == offset) return true;
  forgetAbbreviations();
  u64 largest = 0, code;
  Abbreviation next;
  for (ByteReader reader(abbrev, offset);
       readDeclaration(reader, code, next.tag, next.has_children, next.specifications);
       skipSpecifications(reader))
    largest = max(largest, code);
  if (largest == 0 || largest >= kMostAbbreviations) return false;
  table_size_ = largest + 1;
  table_of_ = offset;
  table_ = static_cast<Abbreviation*>(arenaAllocate(table_size_ * sizeof(Abbreviation)));
  __builtin_memset(table_, 0, table_size_ * sizeof(Abbreviation));
  for (ByteReader reader(abbrev, offset);
       readDeclaration(reader, code, next.tag, next.has_children, next.specifications);
       skipSpecifications(reader))
    table_[code] = next;
  return true;
}

void Dwarf::forgetAbbreviations() {
  if (table_ != nullptr) arenaFree(table_, table_size_ * sizeof(Abbreviation));
  table_ = nullptr;
}

// --- Entries ----------------------------------------------------------------------------------

bool Dwarf::read(const DwarfUnit& unit, u64 offset, Die& die) {
  die.present = 0;
  if (offset < unit.root || offset >= unit.end || ++steps_ > kLargestWalk) return false;
  ByteReader reader(Bytes{info.data, unit.end}, offset);
  const u64 code = reader.unsignedLeb();
  die.offset = offset;
  if (code == 0) {
    die.tag = 0;
    die.has_children = false;
    die.next = reader.offset();
    return reader.ok();
  }
  if (!loadAbbreviations(unit.abbreviations) || code >= table_size_ ||
      table_[code].specifications == 0)
    return false;
  return readByAbbreviation(unit, reader, table_[code], die);
}

bool Dwarf::readByAbbreviation(const DwarfUnit& unit, ByteReader& reader,
                               const Abbreviation& abbreviation, Die& die) {
  die.tag = abbreviation.tag;
  die.has_children = abbreviation.has_children;
  die.present = 0;
  ByteReader specifications(abbrev, abbreviation.specifications);
  while (reader.ok()) {
    const u64 attribute = specifications.unsignedLeb();
    const u64 form = specifications.unsignedLeb();
    if (attribute == 0 && form == 0) break;
    const DwarfAttribute value = readForm(unit, reader, form, specifications);
    const DwarfName name = nameOf(attribute);
    if (name == DwarfName::None) continue;
    die.attributes[static_cast<u32>(name)] = value;
    die.present |= 1u << static_cast<u32>(name);
  }
  die.next = reader.offset();
  return reader.ok() && specifications.ok();
}

DwarfAttribute Dwarf::readForm(const DwarfUnit& unit, ByteReader& reader, u64 form,
                               ByteReader& specifications) const {
  for (u32 turn = 0; form == kFormIndirect && turn < 2; ++turn) form = reader.unsignedLeb();
  DwarfAttribute out{static_cast<u16>(form), 0, {}};
  switch (form) {
    case kFormFlagPresent: out.value = 1; break;
    case kFormImplicitConst: out.value = static_cast<u64>(specifications.signedLeb()); break;
    case kFormData1:
    case kFormRef1:
    case kFormFlag:
    case kFormStrx1:
    case kFormAddrx1: out.value = reader.byte(); break;
    case kFormData2:
    case kFormRef2:
    case kFormStrx2:
    case kFormAddrx2: out.value = reader.half(); break;
    case kFormStrx3:
    case kFormAddrx3: out.value = reader.number(3); break;
    case kFormData4:
    case kFormRef4:
    case kFormStrx4:
    case kFormAddrx4:
    case kFormRefSup4: out.value = reader.word(); break;
    case kFormData8:
    case kFormRef8:
    case kFormRefSig8:
    case kFormRefSup8: out.value = reader.quad(); break;
    case kFormData16: reader.skip(16); break;
    case kFormAddr: out.value = reader.number(unit.address_bytes); break;
    case kFormSdata: out.value = static_cast<u64>(reader.signedLeb()); break;
    case kFormUdata:
    case kFormRefUdata:
    case kFormStrx:
    case kFormAddrx:
    case kFormLoclistx:
    case kFormRnglistx: out.value = reader.unsignedLeb(); break;
    case kFormStrp:
    case kFormLineStrp:
    case kFormSecOffset:
    case kFormRefAddr:
    case kFormStrpSup:
    case kFormGnuRefAlt:
    case kFormGnuStrpAlt: out.value = reader.number(unit.offset_bytes); break;
    case kFormString: {
      const u8* const begin = reader.here();
      const u64 from = reader.offset();
      reader.text();
      out.block = {begin, reader.offset() - from};
      break;
    }
    case kFormExprloc:
    case kFormBlock: out.block = reader.block(reader.unsignedLeb()); break;
    case kFormBlock1: out.block = reader.block(reader.byte()); break;
    case kFormBlock2: out.block = reader.block(reader.half()); break;
    case kFormBlock4: out.block = reader.block(reader.word()); break;
    default: reader.fail();
  }
  return out;
}

// --- What attributes mean ---------------------------------------------------------------------

u64 Dwarf::reference(const DwarfUnit& unit, const DwarfAttribute* attribute) const {
  if (attribute == nullptr) return 0;
  switch (attribute->form) {
    case kFormRef1:
    case kFormRef2:
    case kFormRef4:
    case kFormRef8:
    case kFormRefUdata: {
      const u64 offset = unit.offset + attribute->value;
      return offset < unit.root || offset >= unit.end ? 0 : offset;
    }
    case kFormRefAddr: return attribute->value;
    default: return 0;
  }
}

const char* Dwarf::text(const DwarfUnit& unit, const DwarfAttribute* attribute) const {
  if (attribute == nullptr) return "";
  switch (attribute->form) {
    case kFormString: return ByteReader(attribute->block).text();
    case kFormStrp: return textAt(strings, attribute->value);
    case kFormLineStrp: return textAt(line_strings, attribute->value);
    case kFormStrx:
    case kFormStrx1:
    case kFormStrx2:
    case kFormStrx3:
    case kFormStrx4: {
      ByteReader reader(string_offsets, unit.str_offsets_base);
      if (attribute->value > string_offsets.size) return "";
      reader.skip(attribute->value * unit.offset_bytes);
      const u64 offset = reader.number(unit.offset_bytes);
      return reader.ok() ? textAt(strings, offset) : "";
    }
    default: return "";
  }
}

bool Dwarf::number(const DwarfAttribute* attribute, u64& value) const {
  if (attribute == nullptr) return false;
  switch (attribute->form) {
    case kFormData1:
    case kFormData2:
    case kFormData4:
    case kFormData8:
    case kFormSdata:
    case kFormUdata:
    case kFormImplicitConst:
    case kFormSecOffset: value = attribute->value; return true;
    default: return false;
  }
}

bool Dwarf::indexedAddress(const DwarfUnit& unit, u64 index, u64& value) const {
  if (index > addresses.size) return false;
  ByteReader reader(addresses, unit.addr_base);
  reader.skip(index * unit.address_bytes);
  value = reader.number(unit.address_bytes);
  return reader.ok();
}

bool Dwarf::address(const DwarfUnit& unit, const DwarfAttribute* attribute, u64& value) const {
  if (attribute == nullptr) return false;
  switch (attribute->form) {
    case kFormAddr: value = attribute->value; return true;
    case kFormAddrx:
    case kFormAddrx1:
    case kFormAddrx2:
    case kFormAddrx3:
    case kFormAddrx4: return indexedAddress(unit, attribute->value, value);
    default: return false;
  }
}

}  // namespace hindsight
