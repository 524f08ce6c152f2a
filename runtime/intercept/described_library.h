// described_library.h - the library that tells what it orders, so that nothing is concluded from
// its calls.
//
// LLVM's OpenMP runtime (openmp/tool.cpp) is one: it says where regions fork and join, tasks begin
// and end. The mutexes and condition variables by which its threads put each other to sleep would
// order what OpenMP does not, and its own memory passes between threads by atomics that are not
// instrumented. So its locks order nothing, and its accesses through the C library are not checked.
// Its threads and blocks of memory are known as everybody's.
//
// Thread safety: set once, before the library's first thread; read by any thread. Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

struct LibraryCode {
  uptr begin;
  uptr bytes;  // 0: there is none
};
extern LibraryCode described_library;

/// The code of the library that `pc` lies in. None if that is the program itself, or the runtime: a
/// library linked into either cannot be told from the code around it.
LibraryCode libraryCodeAt(uptr pc);

HINDSIGHT_ALWAYS_INLINE bool isInDescribedLibrary(uptr pc) {
  return pc - described_library.begin < described_library.bytes;
}

/// The library that `pc` lies in describes its order. No effect if libraryCodeAt has none.
void describeLibraryAt(uptr pc);
/// [begin, end) is unmapped.
void forgetDescribedLibrary(uptr begin, uptr end);

}  // namespace hindsight
