// dwarf_type.h - from a type and an offset in it to the words of the program: `[3].entry.count`.
//
// Goes down from the variable through elements and members as long as there is one that holds all
// of the bytes (padding apart). It ends where the next step would be a guess: at several members of
// a struct, at members of a union or bit-fields that share the bytes (all are named: `.{low,
// high}`), at a class that this unit only declares, at a virtual base, at members that the compiler
// made.
//
// Thread safety: none. Allocation: the writer's.
#pragma once

#include "base/text_writer.h"
#include "report/dwarf.h"

namespace hindsight {

/// A DIE and where it is: references may lead into other units.
struct DieInUnit {
  DwarfUnit unit;
  Die die;
};

/// Reads what `attribute` of a DIE in `unit` refers to.
bool followReference(Dwarf& dwarf, const DwarfUnit& unit, const DwarfAttribute* attribute,
                     DieInUnit& out);
/// Makes `at` the DIE that has an attribute of this name: itself, or one that it completes or is a
/// copy of.
bool findAttribute(Dwarf& dwarf, DieInUnit& at, DwarfName name);

/// Bytes that a variable, member or type with the attribute Type occupies; 0 if unknown.
u64 sizeOfTyped(Dwarf& dwarf, const DieInUnit& typed);
/// Writes where in a variable of that type the bytes [begin, end) are; nothing if they are all of
/// it.
void writeFieldPath(Dwarf& dwarf, const DieInUnit& typed, u64 begin, u64 end, TextWriter& out);

}  // namespace hindsight
