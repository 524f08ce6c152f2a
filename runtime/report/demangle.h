// demangle.h - C++ names as people write them.
//
// Thread safety: any thread. Allocation: only what the writer needs.
#pragma once

#include "base/text_writer.h"

namespace hindsight {

/// Writes what `symbol` stands for: `counter::add(int)`, `main()`. A name that is not mangled gets
/// "()" if `is_function`. Return types and the compiler's suffixes (`.cold`, `.llvm.123`) are left
/// out. Code that the compiler moved out of a function and named after none of the program's is
/// called by what it is: `OpenMP region`.
void writeDemangled(const char* symbol, bool is_function, TextWriter& out);

/// Writes what ThreadSanitizer's reports call `symbol`: LLVM's spelling of a C++ name, with the
/// return type of a template's function (`void put<int>(int)`), and a C name as it is (`main`).
/// Files of suppressions are written after those.
void writeLikeTsan(const char* symbol, TextWriter& out);

}  // namespace hindsight
