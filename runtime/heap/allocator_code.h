// allocator_code.h - the code of a library that replaces the C library's malloc.
//
// What such a library does inside malloc and free, its locks included, is no business of the
// program's and is not seen (intercept/malloc.cpp). If it is compiled with Hindsight, it is seen at
// work all the same where it is called otherwise: when a thread ends, and by functions of its own.
// Its data would then look unordered, and what it does there to blocks that were freed like a use
// after free. So nothing is reported of an access that this code makes.
//
// Thread safety: set once, before the second thread; read by any thread. Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

struct AllocatorCode {
  uptr begin;
  uptr bytes;  // 0: malloc is the C library's, or cannot be told from the program
};
extern AllocatorCode allocator_code;

inline bool isInAllocator(uptr pc) { return pc - allocator_code.begin < allocator_code.bytes; }

}  // namespace hindsight
