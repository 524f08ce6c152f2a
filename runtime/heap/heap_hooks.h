// heap_hooks.h - functions of the program that want to hear of every block
// (sanitizer/allocator_interface.h): __sanitizer_malloc_hook, __sanitizer_free_hook, and those that
// __sanitizer_install_malloc_and_free_hooks was given.
//
// They run inside the runtime: what they do is not checked, and what they allocate is not
// announced.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

using AllocationHook = void (*)(const volatile void* block, size_t bytes);
using FreeHook = void (*)(const volatile void* block);

/// True if somebody listens.
extern bool heap_hooks;
/// Before the program runs: takes note of the functions that it defines.
void initHeapHooks();
/// Returns the number of pairs now installed; 0 if there is no room for another (5).
int installHeapHooks(AllocationHook allocated, FreeHook freed);

void callAllocationHooks(const void* block, size_t bytes);
void callFreeHooks(const void* block);

HINDSIGHT_ALWAYS_INLINE void announceBlock(uptr block, size_t bytes) {
  if (HINDSIGHT_UNLIKELY(heap_hooks))
    callAllocationHooks(reinterpret_cast<const void*>(block), bytes);
}
HINDSIGHT_ALWAYS_INLINE void announceFree(uptr block) {
  if (HINDSIGHT_UNLIKELY(heap_hooks)) callFreeHooks(reinterpret_cast<const void*>(block));
}

}  // namespace hindsight
