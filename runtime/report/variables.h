// variables.h - which variable of the program raced bytes belong to, and which element and member
// of it.
//
//   global        units that mention the address of its symbol are walked, others are only skimmed
//   thread-local  the same, by the offset in the module's thread-local block
//   on a stack    the function of the frame (report/stack_frame.h) is walked; what is in scope and
//   covers
//                 the bytes is taken if it is the only one
//
// Nothing is kept between reports: the file is mapped for one question, and a table of one unit's
// abbreviations is all that is allocated. Heap blocks have no variable, and no type that anybody
// says.
//
// Thread safety: under the reporter's lock. Allocation: the writers', and temporary.
#pragma once

#include "base/text_writer.h"
#include "report/race_report.h"

namespace hindsight {

struct VariableText {
  TextWriter path;      // `table[3].entry.count`; empty if no variable is known
  TextWriter function;  // that a local variable is of, else empty
  TextWriter file;      // where it is declared, empty if unknown
  u64 line = 0;
};

/// The parts, by what is known of one executable or library at the path `file`. Addresses are the
/// file's, and [begin, end) is what the variable must hold; `symbol` is where its symbol begins.
void findGlobalVariable(const char* file, u64 symbol, u64 begin, u64 end, VariableText& out);
/// Offsets in the module's thread-local block.
void findThreadLocalVariable(const char* file, u64 begin, u64 end, VariableText& out);
/// Addresses on the stack that the frame is of; `pc` is inside an instruction, and the file's.
void findLocalVariable(const char* file, const FrameView& frame, u64 pc, u64 begin, u64 end,
                       VariableText& out);

/// The variable that holds the bytes which both accesses of `race` touched.
void findVariable(const RaceReport& race, VariableText& out);

}  // namespace hindsight
