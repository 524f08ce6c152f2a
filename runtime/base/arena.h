// arena.h - memory for the runtime itself, straight from mmap, never through the program's malloc.
//
// Size classes (powers of two and the steps halfway between, from 16 bytes up) with a free list
// each, cut from one reserved range. Blocks are zeroed on first use, not on reuse.
//
// Blocks are never unmapped, so a racing reader may look at freed memory (core/line.h, I4).
//
// Thread safety: any thread, any number at once (one spin lock per class).
#pragma once

#include "base/address_layout.h"
#include "base/types.h"

namespace hindsight {

/// All of the runtime's own memory lies in one range, away from the application's.
inline bool isRuntimeMemory(const void* pointer) {
  return reinterpret_cast<uptr>(pointer) - address_layout.runtime_begin <
         address_layout.runtime_end - address_layout.runtime_begin;
}

/// Returns at least `bytes` bytes aligned to 16, multiples of 64 to 64. Never null: out of memory
/// is reported on stderr and aborts.
void* arenaAllocate(size_t bytes);
/// Gives back a block of arenaAllocate; `bytes` as it was asked for.
void arenaFree(void* block, size_t bytes);
/// Zeroed, never freed, page granular: tables.
void* mapPages(size_t bytes);
/// Reserves address space that costs memory only when touched. Never null.
void* reservePages(size_t bytes);
void unmapPages(void* pages, size_t bytes);

template <class T>
T* arenaNew() {
  void* block = arenaAllocate(sizeof(T));
  __builtin_memset(block, 0, sizeof(T));
  return static_cast<T*>(block);
}

/// For C libraries inside the runtime that want malloc's interface (size kept before the block).
/// internalFree accepts null.
void* internalMalloc(size_t bytes);
void* internalCalloc(size_t count, size_t bytes);
void* internalRealloc(void* block, size_t bytes);
void internalFree(void* block);
/// The bytes that were asked for.
size_t internalSize(const void* block);

}  // namespace hindsight
