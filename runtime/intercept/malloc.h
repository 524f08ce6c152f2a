// malloc.h - the start of the malloc family's interceptors.
#pragma once

namespace hindsight {

/// Looks at whose malloc the program has. After resolveRealCalls; before that every allocator is
/// taken for one that may call the program.
void initMalloc();
/// Whether the function comes with an allocator that replaces the C library's malloc (LD_PRELOAD).
bool isOfOtherAllocator(void* function);
/// Finds the program's operators new and delete, now that nobody has the loader's lock. After
/// initMalloc.
void resolveOperators();

}  // namespace hindsight
