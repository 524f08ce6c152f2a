// test_memory.h - memory for random programs: with HINDSIGHT_TEST_MEMORY=low in the environment below 4 GiB, where
// every inline check is a fault (docs/architecture.md).
#pragma once

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

namespace hindsight_model {

/// `bytes` bytes of zeros, at an address that is a multiple of a page's size.
inline void* testMemory(size_t bytes) {
  int kind = MAP_PRIVATE | MAP_ANONYMOUS;
  const char* where = getenv("HINDSIGHT_TEST_MEMORY");
#ifdef MAP_32BIT
  if (where != nullptr && strcmp(where, "low") == 0) kind |= MAP_32BIT;
#else
  (void)where;
#endif
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kind, -1, 0);
  if (memory == MAP_FAILED) abort();
  return memory;
}

}  // namespace hindsight_model
