// vtable.h - races on the hidden pointer to an object's virtual table.
//
// The compiler reads it in a virtual call and writes it in constructors and destructors; no source
// line names it. It is known by what it holds: the address of a virtual table, which has a symbol.
//
// Thread safety: any thread; reads the raced memory. Allocation: none.
#pragma once

#include "report/race_report.h"
#include "report/symbolizer.h"

namespace hindsight {

/// The class whose virtual table the raced word points to; null if it does not point to one. Memory
/// that is freed by now may have been overwritten: then it is not known.
const char* racedVtable(const RaceReport& race, const SymbolSource& symbols);

/// What races, for people: "a virtual call races with construction or destruction".
const char* vtableRaceText(const RaceReport& race);

}  // namespace hindsight
