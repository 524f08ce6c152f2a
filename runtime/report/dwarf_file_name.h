// dwarf_file_name.h - the source file that a declaration's number stands for.
//
// Thread safety: none. Allocation: the writer's.
#pragma once

#include "base/text_writer.h"
#include "report/dwarf.h"

namespace hindsight {

/// Writes the path of file `index` of the unit with that root. False, and nothing, if it is not
/// known.
bool writeDwarfFileName(const Dwarf& dwarf, const DwarfUnit& unit, const Die& root, u64 index,
                        TextWriter& out);

}  // namespace hindsight
