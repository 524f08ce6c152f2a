// mapping.h - what mmap, munmap and mremap do to the shadow, for every road that leads to the
// kernel.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/intercepted_call.h"

namespace hindsight {

/// Whether the mapping may be made; if not, errno says why. A wish for an address that has no
/// shadow is taken out of `address`. Also for calls that do not count.
bool admitsMapping(void*& address, size_t bytes, int flags);
/// The same for mremap's new address.
bool admitsMove(void* target, size_t bytes);

void mappingStarts(InterceptedCall& call, void* address, size_t bytes, int flags);
void mappingMade(void* result, size_t bytes);

void unmapping(InterceptedCall& call, void* address, size_t bytes);

/// `target` is null unless the flags have MREMAP_FIXED.
void remappingStarts(InterceptedCall& call, void* target, size_t new_bytes);
void remapped(void* address, size_t old_bytes, void* result, size_t new_bytes);

/// madvise has done what was asked. (In shared_memory.cpp.)
void advised(void* address, size_t bytes, int advice);

/// shmat has put the segment there; shmdt is about to take it away. (In shared_memory.cpp.)
void segmentAttached(int id, void* address);
void segmentDetaching(InterceptedCall& call, const void* address);

/// remap_file_pages has put other pages there. (In shared_memory.cpp.)
void pagesRemapped(void* address, size_t bytes);

}  // namespace hindsight
