// symbolizer.h - from program counters and addresses to names, inside the process.
//
// Reads ELF symbols and DWARF through libbacktrace, one state per module, made when first needed:
// a report costs memory for the modules in its stacks only. No external program, no malloc of the
// program. Answers are cached for good: the program counters of reports are few.
//
// Spellings and suppressions see names only through SymbolSource, so tests can make them up.
//
// Thread safety: any thread (one lock). Allocation: arena, never freed.
#pragma once

#include "base/types.h"

namespace hindsight {

/// A function at a program counter: the one that is there, or one inlined into it.
struct SourceFrame {
  const char* function;  // demangled; "" if unknown
  const char* file;      // "" if unknown
  u32 line;              // 0 if unknown
  // The function as ThreadSanitizer spells it (demangle.h), for suppressions; "" if no other way.
  const char* like_tsan = "";
};

struct SymbolizedPc {
  uptr pc;
  const char* module;         // path; "" if the pc is in none
  uptr module_offset;         // of pc in the module
  uptr function_offset;       // of pc in the outermost function; 0 if unknown
  u32 function_line;          // where that function starts, 0 if unknown
  const SourceFrame* frames;  // innermost first
  u32 count;                  // >= 1
  bool foreign = false;       // in a library without instrumented code, other than the C library
};

/// A variable with static storage duration.
struct SymbolizedGlobal {
  const char* name;  // demangled; null if no symbol covers the address
  const char* module;
  uptr start;
  uptr size;
};

struct SymbolSource {
  /// `pc` is a return address, or an address after an access: the instruction before it is meant.
  const SymbolizedPc& (*pc)(uptr pc);
  SymbolizedGlobal (*global)(uptr address);
};

/// This process's own symbols. Valid until the next call of rememberModules.
const SymbolSource& processSymbols();

/// An executable or library and the file that it is of.
struct ModuleView {
  const char* open_path;
  uptr base;                // what addresses of the file are relative to
  uptr thread_local_begin;  // in the thread that was asked for
};
/// False if the address is in none, or its file cannot be read.
bool moduleOf(uptr address, ModuleView& module);
/// Of static thread-local storage, in the thread with that thread pointer.
bool moduleOfThreadLocal(uptr address, uptr thread_pointer, ModuleView& module);

/// Takes over what was loaded since the last call. Called before each report; calling it at
/// dlclose as well keeps the names of a library that only old accesses lead into.
void rememberModules();

}  // namespace hindsight
