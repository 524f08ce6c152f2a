// dwarf.h - debug information entries (DIEs), one after the other.
//
//   .debug_info:  unit header, root DIE, its children ..., unit header, ...
//
// A DIE says by its abbreviation which attributes follow and in which form; what a form holds is
// decoded here, so that the rest asks for numbers, names and references. libbacktrace reads the
// same sections for lines and functions, but knows no variables and no types; elfutils' libdw does,
// but brings 1.4 MB, three decompressors and a stricter licence into every checked program.
//
// Bounds: a section is read through ByteReader only; references and nesting are limited, and a
// question ends after `kLargestWalk` steps. What is broken or not understood is "unknown", never an
// error.
//
// Thread safety: none. Allocation: arena, a table of abbreviations for each unit that is walked,
// given back with the unit.
#pragma once

#include "base/byte_reader.h"
#include "report/dwarf_constants.h"
#include "report/elf_file.h"

namespace hindsight {

/// Attributes that are kept of a DIE; all others are skipped.
enum class DwarfName : u8 {
  AbstractOrigin,
  AddrBase,
  Artificial,
  BitOffset,
  BitSize,
  ByteSize,
  ByteStride,
  BitStride,
  CompDir,
  Count,
  DataBitOffset,
  DataMemberLocation,
  Declaration,
  DeclFile,
  DeclLine,
  FrameBase,
  HighPc,
  LinkageName,
  Location,
  LoclistsBase,
  LowPc,
  Name,
  Ranges,
  RnglistsBase,
  Sibling,
  Specification,
  StmtList,
  StrOffsetsBase,
  Type,
  UpperBound,
  None,  // how many there are
};

struct DwarfAttribute {
  u16 form;
  u64 value;    // number, offset or index
  Bytes block;  // expressions, and strings in place
};

struct Die {
  u64 offset = 0;
  u64 next = 0;  // offset behind its attributes: of its first child, if it has any
  u16 tag = 0;   // 0 ends a list of siblings
  bool has_children = false;
  u32 present = 0;  // bit set of DwarfName
  DwarfAttribute attributes[static_cast<u32>(DwarfName::None)];

  /// Null if it has none of that name.
  const DwarfAttribute* get(DwarfName name) const {
    const u32 index = static_cast<u32>(name);
    return (present >> index & 1) != 0 ? &attributes[index] : nullptr;
  }
  bool has(DwarfName name) const { return get(name) != nullptr; }
};
static_assert(static_cast<u32>(DwarfName::None) <= 32, "they fit into Die::present");

/// A compilation unit. Its root has been read when one is handed out.
struct DwarfUnit {
  u64 offset = 0, end = 0;
  u64 root = 0;  // offset of the first DIE
  u16 version = 0;
  u8 address_bytes = 0;
  u8 offset_bytes = 0;  // 4 or 8
  u64 abbreviations = 0;
  u64 str_offsets_base = 0, addr_base = 0, rnglists_base = 0, loclists_base = 0;
  u64 low_pc = 0;
};

class Dwarf {
 public:
  explicit Dwarf(const ElfFile& file);
  ~Dwarf() { forgetAbbreviations(); }
  Dwarf(const Dwarf&) = delete;
  Dwarf& operator=(const Dwarf&) = delete;

  /// Reads the unit that begins at `offset`, and its root. False at the end, and if it is broken. A
  /// unit of a kind or version that is not understood has version 0: go on at `unit.end`.
  bool readUnit(u64 offset, DwarfUnit& unit, Die& root);
  /// The unit that `offset` of .debug_info lies in.
  bool findUnit(u64 offset, DwarfUnit& unit);

  /// Reads the DIE at `offset` of `unit`. False if there is none.
  bool read(const DwarfUnit& unit, u64 offset, Die& die);
  /// Calls visit(die, depth) for all below `parent`; children have depth 1. Stops when it returns
  /// false.
  template <class Visit>
  void walk(const DwarfUnit& unit, const Die& parent, Visit visit);
  /// Calls visit(die) for its children only.
  template <class Visit>
  void children(const DwarfUnit& unit, const Die& parent, Visit visit);

  /// Offset in .debug_info of the DIE that the attribute refers to; 0 if it is none or in another
  /// file.
  u64 reference(const DwarfUnit& unit, const DwarfAttribute* attribute) const;
  /// "" if it is no string.
  const char* text(const DwarfUnit& unit, const DwarfAttribute* attribute) const;
  bool number(const DwarfAttribute* attribute, u64& value) const;
  bool address(const DwarfUnit& unit, const DwarfAttribute* attribute, u64& value) const;
  bool indexedAddress(const DwarfUnit& unit, u64 index, u64& value) const;
  /// Whether the code of `die` (low_pc and high_pc, or ranges) includes `pc`. `known` tells whether
  /// it says.
  bool covers(const DwarfUnit& unit, const Die& die, u64 pc, bool& known) const;
  /// The expression that holds at `pc`: the attribute's own, or the one in its list. Null size if
  /// there is none, or if it is in a list and no pc is given.
  Bytes expression(const DwarfUnit& unit, const DwarfAttribute* attribute, u64 pc,
                   bool has_pc) const;

  const Bytes info, abbrev, strings, line_strings, string_offsets, addresses, lines;

 private:
  static constexpr u32 kLargestWalk = 8'000'000;

  struct Abbreviation {
    u16 tag;
    bool has_children;
    u64 specifications;  // offset in .debug_abbrev; 0: none of this code
  };

  bool readHeader(u64 offset, DwarfUnit& unit) const;
  bool readByAbbreviation(const DwarfUnit& unit, ByteReader& reader,
                          const Abbreviation& abbreviation, Die& die);
  DwarfAttribute readForm(const DwarfUnit& unit, ByteReader& reader, u64 form,
                          ByteReader& specifications) const;
  bool loadAbbreviations(u64 offset);
  void forgetAbbreviations();
  /// The one abbreviation, by a search from the beginning of the table.
  bool findAbbreviation(u64 table, u64 code, Abbreviation& out) const;
  /// Calls visit(begin, end, expression reader) for the entries of the list in the DWARF 5 form.
  template <class Visit>
  void entriesOfList(const DwarfUnit& unit, Bytes section, u64 offset, bool of_locations,
                     Visit visit) const;
  template <class Visit>
  void entriesOfOldList(const DwarfUnit& unit, Bytes section, u64 offset, bool of_locations,
                        Visit visit) const;
  u64 listOffset(const DwarfUnit& unit, const DwarfAttribute& attribute, Bytes section,
                 u64 base) const;

  const Bytes ranges_, rnglists_, locations_, loclists_;
  Abbreviation* table_ = nullptr;  // by code, of the unit walked last
  u64 table_size_ = 0;
  u64 table_of_ = 0;
  mutable u32 steps_ = 0;  // DIEs and entries of lists that were read
};

template <class Visit>
void Dwarf::walk(const DwarfUnit& unit, const Die& parent, Visit visit) {
  if (!parent.has_children) return;
  Die die;
  u32 depth = 1;
  for (u64 at = parent.next; depth > 0 && read(unit, at, die); at = die.next) {
    if (die.tag == 0) {
      --depth;
      continue;
    }
    if (!visit(static_cast<const Die&>(die), depth)) return;
    if (die.has_children) ++depth;
  }
}

template <class Visit>
void Dwarf::children(const DwarfUnit& unit, const Die& parent, Visit visit) {
  if (!parent.has_children) return;
  Die die;
  u32 depth = 1;
  for (u64 at = parent.next; depth > 0 && read(unit, at, die);) {
    at = die.next;
    if (die.tag == 0) {
      --depth;
      continue;
    }
    if (depth == 1 && !visit(static_cast<const Die&>(die))) return;
    if (!die.has_children) continue;
    const u64 sibling = reference(unit, die.get(DwarfName::Sibling));
    if (sibling > at)
      at = sibling;  // behind what is below
    else
      ++depth;
  }
}

}  // namespace hindsight
