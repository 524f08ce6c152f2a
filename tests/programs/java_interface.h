// java_interface.h - tsan_interface_java.h, which no installation has, and a heap.
#pragma once

#include <stddef.h>
#include <stdlib.h>

extern "C" {
void __tsan_java_init(unsigned long heap_begin, unsigned long heap_bytes);
int __tsan_java_fini();
void __tsan_java_alloc(unsigned long block, unsigned long bytes);
void __tsan_java_free(unsigned long blocks, unsigned long bytes);
void __tsan_java_move(unsigned long from, unsigned long to, unsigned long bytes);
void __tsan_java_reset();
void __tsan_java_finalize();
unsigned long __tsan_java_find(unsigned long* from, unsigned long to);
void __tsan_java_mutex_lock(unsigned long lock);
void __tsan_java_mutex_unlock(unsigned long lock);
void __tsan_java_mutex_read_lock(unsigned long lock);
void __tsan_java_mutex_read_unlock(unsigned long lock);
void __tsan_java_mutex_lock_rec(unsigned long lock, int levels);
int __tsan_java_mutex_unlock_rec(unsigned long lock);
void __tsan_java_acquire(unsigned long object);
void __tsan_java_release(unsigned long object);
void __tsan_java_release_store(unsigned long object);
}

inline void must(bool condition) {
  if (!condition) abort();
}

alignas(64) inline char java_heap[1 << 16];

/// An object of the heap: a field of the program's, and an address for its lock.
struct JavaObject {
  int* field;
  unsigned long lock;
};
constexpr unsigned long kObjectBytes = 24;

inline unsigned long addressOf(const void* memory) { return reinterpret_cast<unsigned long>(memory); }
inline JavaObject objectAt(unsigned long offset) {
  char* const at = java_heap + offset;
  return {reinterpret_cast<int*>(at), addressOf(at) + 9};
}
inline JavaObject newObject(unsigned long offset) {
  __tsan_java_alloc(addressOf(java_heap) + offset, kObjectBytes);
  return objectAt(offset);
}
inline void moveObject(unsigned long from, unsigned long to) {
  __tsan_java_move(addressOf(java_heap) + from, addressOf(java_heap) + to, kObjectBytes);
}
