// internal_mem.h - the runtime's own memcpy, memmove, memset and memcmp.
//
// Forced into every file of the runtime (-include): the compiler turns struct copies, zeroing and
// __builtin_memcpy into calls of these four names, and the program's are interceptors that would
// come back into the runtime. `.set` gives the names another target in this object file only.
// A file that defines one of the names as an interceptor is compiled without this header and must
// call the internal ones by name.
//
// Thread safety: as the C functions. Allocation: none. No vector register is touched, so the hot
// path may be compiled into callers that save none.
#pragma once

#include <stddef.h>

#ifndef HINDSIGHT_INTERNAL_MEM_DEFINITIONS
asm(".set memcpy, __hindsight_internal_memcpy");
asm(".set memmove, __hindsight_internal_memmove");
asm(".set memset, __hindsight_internal_memset");
asm(".set memcmp, __hindsight_internal_memcmp");
asm(".set bcmp, __hindsight_internal_memcmp");  // what LLVM makes of memcmp(...) == 0
#endif

extern "C" {
__attribute__((visibility("hidden"))) void* __hindsight_internal_memcpy(void* to, const void* from,
                                                                        size_t bytes);
__attribute__((visibility("hidden"))) void* __hindsight_internal_memmove(void* to, const void* from,
                                                                         size_t bytes);
__attribute__((visibility("hidden"))) void* __hindsight_internal_memset(void* to, int value,
                                                                        size_t bytes);
__attribute__((visibility("hidden"))) int __hindsight_internal_memcmp(const void* left,
                                                                      const void* right,
                                                                      size_t bytes);
}
